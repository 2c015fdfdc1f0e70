import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A real process of this project, its output kept line by line. */
export type Running = {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** The first line that matches, as soon as it is there; rejects when the process ends without it. */
  readonly line: (pattern: RegExp) => Promise<string>;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
};

export type RunOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a process in a group of its own, which is gone when the test is. */
export const run = ({ command, args, env = {} }: RunOptions): Running => {
  const child = spawn(command, args, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const look of waiting) look();
  };
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (text) => {
      lines.push(text);
      tell();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((text) => pattern.test(text));
        if (found !== undefined) resolve(found);
      };
      waiting.add(look);
      look();
      ended.then(() => reject(new Error(`ended without a line like ${pattern}:\n${lines.join('\n')}`)));
    });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, 'SIGKILL');
    await ended;
  });
  return { child, lines, line, ended };
};

/** Starts the service as its users do. */
export const runService = (env: Readonly<Record<string, string>>): Running =>
  run({ command: process.execPath, args: ['src/main.ts'], env: { SPOOL_DIR: 'off', ...env } });
