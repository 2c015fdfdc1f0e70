import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of the development set-up. */
export type Child = AsyncDisposable & {
  readonly process: ChildProcess;
  /** Rejects if the process exits without having been stopped. */
  readonly ended: Promise<never>;
};

export type ChildOptions = {
  readonly name: string;
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called with each line of stdout and stderr. */
  readonly onLine: (line: string) => void;
  /** Whether Ctrl-C has also reached the process: it is then already stopping, and must not get a second signal. */
  readonly isInterrupted: () => boolean;
};

/** How long an interrupted process may take to exit before it gets SIGTERM, in milliseconds. */
const GRACE_MS = 5000;

/** Starts a script of this repository on the current Node.js. */
export const startChild = ({ name, script, env, onLine, isInterrupted }: ChildOptions): Child => {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
  let isStopping = false;
  const ended = once(child, 'exit').then(() => {
    if (!isStopping) throw new Error(`The ${name} stopped unexpectedly; see its last lines above.`);
    return new Promise<never>(() => undefined);
  });
  ended.catch(() => undefined); // reported by those who await it
  const stop = async (): Promise<void> => {
    isStopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    if (isInterrupted()) await Promise.race([exited, sleep(GRACE_MS, undefined, { ref: false })]);
    child.kill('SIGTERM');
    await exited;
  };
  return { process: child, ended, [Symbol.asyncDispose]: stop };
};
