import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A child process and its output. */
export type RunningProcess = {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** Resolves with the first line that matches; rejects when the process ends without one. */
  readonly line: (pattern: RegExp) => Promise<string>;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
};

export type RunOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a process in its own group, which is killed when the test ends. */
export const run = ({ command, args, env = {} }: RunOptions): RunningProcess => {
  const child = spawn(command, args, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const checks = new Set<() => void>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (text) => {
      lines.push(text);
      for (const check of checks) check();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = lines.find((text) => pattern.test(text));
        if (found !== undefined) resolve(found);
      };
      checks.add(check);
      check();
      ended.then(() => reject(new Error(`ended without a line like ${pattern}:\n${lines.join('\n')}`)));
    });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, 'SIGKILL');
    await ended;
  });
  return { child, lines, line, ended };
};

/** Starts the service as its users do, without a spool. */
export const runService = (env: Readonly<Record<string, string>>): RunningProcess =>
  run({ command: process.execPath, args: ['src/main.ts'], env: { SPOOL_DIR: 'off', ...env } });
