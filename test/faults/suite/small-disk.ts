import { spawnSync } from 'node:child_process';

/** Enough for SQLite to begin with, and soon full. */
const SIZE = '512k';

const mount = (path: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path], { stdio: 'ignore' }).status === 0;

const unmount = async (path: string): Promise<void> => {
  spawnSync('umount', [path], { stdio: 'ignore' });
};

/** Mounts a disk of half a megabyte on a folder. Needs root. */
export const openSmallDisk = (path: string): AsyncDisposable => {
  if (!mount(path)) throw new Error('no small disk could be mounted: that needs root');
  return { [Symbol.asyncDispose]: () => unmount(path) };
};

/** Whether this process may mount at all: not in every container. */
export const canMount = (): boolean =>
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' }).status === 0;
