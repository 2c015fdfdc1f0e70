import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (names: readonly string[]): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);

const canInstall = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version');

const apt = (...args: string[]): boolean => {
  // RUNLEVEL=1 prevents packages from starting services.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
};

export type MachinePackage = {
  /** Its name in messages. */
  readonly title: string;
  /** Names of its executable; the first one on PATH is used. */
  readonly programs: readonly string[];
  /** Name of its package on Debian and Ubuntu. */
  readonly debian: string;
  /** Called with progress messages. */
  readonly say: (sentence: string) => void;
};

/** Finds a program on this machine, or installs it with apt-get if possible; undefined if neither works. */
export const findProgram = ({ title, programs, debian, say }: MachinePackage): string | undefined => {
  const found = onPath(programs);
  if (found !== undefined || !canInstall()) return found;
  say(`${title} is not installed on this machine: installing ${debian} with apt-get …`);
  if (apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', debian)) return onPath(programs);
  say('apt-get could not install it.');
  return undefined;
};
