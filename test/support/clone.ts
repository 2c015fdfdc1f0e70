import { cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../../scripts/redis-server.ts';
import { temporaryFolder } from './folder.ts';
import { type RunningProcess, run } from './process.ts';

const PARTS = ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'scripts', 'docs'];

/** A clone of this repository with its uncommitted changes and its dependencies. */
export const cloneInto = (folder: string): string => {
  const clone = join(folder, 'paycools-webhooks');
  for (const name of PARTS) cpSync(name, join(clone, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(clone, 'node_modules'));
  return clone;
};

/** A clone that is removed when the test ends. */
export const openClone = (): string => cloneInto(resolve(temporaryFolder()));

/** Free ports for `npm run dev`, as environment variables. */
export const freePorts = async () => {
  const [port, opsPort, sandboxPort] = [await freePort(), await freePort(), await freePort()];
  return { PORT: String(port), OPS_PORT: String(opsPort), SANDBOX_PORT: String(sandboxPort) };
};

/** Starts a command in a shell, as if in a new terminal. */
export const startInShell = (command: string, cwd: string, env: Record<string, string> = {}): RunningProcess =>
  run({ command: 'bash', args: ['-c', `cd '${cwd}' && ${command}`], env });

/** Presses Ctrl-C and waits until everything has stopped. */
export const interrupt = async ({ child, ended }: RunningProcess): Promise<number | string> => {
  process.kill(-(child.pid as number), 'SIGINT');
  return ended;
};
