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
  // RUNLEVEL=1 keeps a package from starting a server of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
};

export type MachinePackage = {
  /** What it is to people: `There is no … on this machine`. */
  readonly title: string;
  /** Names of its program; the first one found on PATH is taken. */
  readonly programs: readonly string[];
  /** Name of its package on Debian and Ubuntu. */
  readonly debian: string;
  /** Called with what is being installed. */
  readonly say: (sentence: string) => void;
};

/** A program of this machine. Where it is missing, it is installed with apt-get if that is possible; otherwise undefined. */
export const findProgram = ({ title, programs, debian, say }: MachinePackage): string | undefined => {
  const found = onPath(programs);
  if (found !== undefined || !canInstall()) return found;
  say(`There is no ${title} on this machine: installing ${debian} with apt-get …`);
  if (apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', debian)) return onPath(programs);
  say('apt-get could not install it.');
  return undefined;
};
