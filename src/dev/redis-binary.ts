import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['redis-server', 'valkey-server'];

const WAYS_OUT = [
  'There is no Redis on this machine. Three ways out:',
  '  1. install redis-server or valkey-server with the package manager of this machine,',
  '  2. set REDIS_URL to a Redis that is already there (for `npm run dev`),',
  '  3. run `docker compose up` instead.',
].join('\n');

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);

const canInstall = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version');

const apt = (...args: string[]): boolean => {
  // RUNLEVEL=1 keeps the package from starting a server of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
};

/**
 * The Redis or Valkey of this machine. Where there is none and we may, it is installed with apt-get.
 *
 * @param say hears what is being installed
 * @throws Error with the three ways out, when there is none and none can be installed
 */
export const findRedisBinary = (say: (sentence: string) => void): string => {
  const found = onPath();
  if (found !== undefined) return found;
  if (canInstall()) {
    say('There is no Redis on this machine: installing redis-server with apt-get …');
    if (apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', 'redis-server')) {
      const installed = onPath();
      if (installed !== undefined) return installed;
    }
    say('apt-get could not install it.');
  }
  throw new Error(WAYS_OUT);
};
