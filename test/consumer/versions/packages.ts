import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpenClient } from './client.ts';
import { type Library, openNodeClient } from './node-client.ts';
import { openPythonClient } from './python-client.ts';

const FOLDER = '.data/consumers';
const TIMEOUT_MS = 120_000;

const isDone = (command: string, args: readonly string[], cwd: string): boolean =>
  spawnSync(command, args, { cwd, stdio: 'ignore', timeout: TIMEOUT_MS }).status === 0;

/** Path of an installed file; null if `install` fails. It is kept for the next run, except for the newest version. */
const prepare = (name: string, file: string, install: (folder: string) => boolean): string | null => {
  const folder = resolve(FOLDER, name);
  const path = join(folder, file);
  mkdirSync(folder, { recursive: true });
  if (existsSync(path) && !name.endsWith('latest')) return path;
  return install(folder) ? path : null;
};

/** BullMQ from npm; null if it cannot be installed. */
export const nodeVersion = async (version: string): Promise<OpenClient | null> => {
  const main = 'node_modules/bullmq/dist/esm/index.js';
  const path = prepare(`node-${version}`, main, (folder) => {
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `bullmq@${version}`, 'ioredis@5'];
    return isDone('npm', args, folder);
  });
  return path === null ? null : openNodeClient((await import(pathToFileURL(path).href)) as Library);
};

/** BullMQ from PyPI in a virtual environment; null if it cannot be installed, or there is no Python. */
export const pythonVersion = async (version: string): Promise<OpenClient | null> => {
  const wanted = version === 'latest' ? 'bullmq' : `bullmq==${version}`;
  const path = prepare(`python-${version}`, 'bin/python', (folder) => {
    const isThere = isDone('python3', ['-m', 'venv', '.'], folder);
    return isThere && isDone('bin/pip', ['install', '--quiet', '--upgrade', wanted], folder);
  });
  return path === null ? null : openPythonClient(path);
};
