import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const living = new Set<ChildProcess>();

// However this process ends (a long suite may get Ctrl-C), its servers must not outlive it.
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Kills a child process when this one exits. */
export const track = <Child extends ChildProcess>(child: Child): Child => {
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
};

export const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

/** Sends a signal and waits until the process is gone. */
export const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (!isRunning(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGCONT'); // a fault may have stopped it
  child.kill(signal);
  await exited;
};
