import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of the development set-up; its output is read line by line. */
export type Child = AsyncDisposable & {
  readonly process: ChildProcess;
  /** Rejects with one sentence when the process ends without having been asked to. */
  readonly ended: Promise<never>;
};

export type ChildOptions = {
  readonly name: string;
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
  /** Whether Ctrl-C has reached the process too: then it ends by itself, and a second signal would cut it off. */
  readonly isInterrupted: () => boolean;
};

/** How long a process that was interrupted may take before it is signalled again, in milliseconds. */
const GRACE_MS = 5000;

/** Starts a script of this repository on the Node.js that runs this one. */
export const startChild = ({ name, script, env, onLine, isInterrupted }: ChildOptions): Child => {
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
  let isStopping = false;
  const ended = once(child, 'exit').then(() => {
    if (!isStopping) throw new Error(`The ${name} stopped unexpectedly; its last lines above say why.`);
    return new Promise<never>(() => undefined);
  });
  ended.catch(() => undefined); // reported to those who wait for it
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
