import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';

/** The disk of the spool. */
export type Disk = AsyncDisposable & {
  /** Discards what was written but never synced, as a power cut does. No file may be open. */
  readonly losePower?: () => void;
};

/** Enough for SQLite to start with, and soon full. */
const SMALL_SIZE = '512k';
const FRAGILE_SIZE = '16M';
/** How often the file system writes back by itself, in seconds: so rarely that only a sync makes a write durable. */
const WRITE_BACK_S = 300;

const isDone = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

const must = (command: string, ...args: readonly string[]): void => {
  if (!isDone(command, ...args)) throw new Error(`${command} ${args.join(' ')} failed: it needs root`);
};

const mounted = new Set<string>();

// However this process ends, because a mount would otherwise remain.
process.on('exit', () => {
  for (const path of mounted) isDone('umount', '--lazy', path);
});

const mount = (path: string, ...args: readonly string[]): void => {
  must('mount', ...args, path);
  mounted.add(path);
};

const unmount = (path: string): void => {
  must('umount', path);
  mounted.delete(path);
};

/** Mounts a disk on a folder, by default of half a megabyte. Needs root. */
export const openSmallDisk = (path: string, size = SMALL_SIZE): Disk => {
  mount(path, '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs');
  return { [Symbol.asyncDispose]: async () => unmount(path) };
};

/**
 * Mounts an ext4 image on a folder. The image holds only what was synced: the rest is in the memory of the mounted file
 * system. So a copy of the image, mounted in its place, is the disk as it would be after a power cut. Needs root.
 */
export const openFragileDisk = (path: string): Disk => {
  const images = [`${path}.0.img`];
  const current = (): string => images.at(-1) ?? '';
  const insert = (): void => mount(path, '-o', `loop,commit=${WRITE_BACK_S}`, current());
  must('truncate', '-s', FRAGILE_SIZE, current());
  must('mkfs.ext4', '-q', current());
  insert();
  const losePower = (): void => {
    const copy = `${path}.${images.length}.img`;
    copyFileSync(current(), copy);
    unmount(path);
    images.push(copy);
    insert();
  };
  const dispose = async (): Promise<void> => {
    unmount(path);
    for (const image of images) rmSync(image, { force: true });
  };
  return { losePower, [Symbol.asyncDispose]: dispose };
};

const isAllowed = (...mount: readonly string[]): boolean =>
  process.getuid?.() === 0 && isDone('unshare', '--mount', 'mount', ...mount, '/mnt');

/** Whether this process may mount disks, which not every container permits. */
export const canMount = (): boolean => isAllowed('-t', 'tmpfs', 'tmpfs');

/** Whether it may also mount images. */
export const canMountImages = (): boolean => canMount() && isDone('losetup', '--find') && isDone('mkfs.ext4', '-V');
