import { closeSync, fsyncSync, openSync, statfsSync, statSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The disk of a spool file. Removing callbacks is a write too: it would fail on a full disk, and the spool could never be
 * emptied. So the spool stops before the disk is full, and reserves some space in case others fill it.
 */
export type SpoolDisk = {
  /** Whether this many bytes can be committed, and the whole log still be moved into the file afterwards. */
  readonly hasRoomFor: (bytes: number) => boolean;
  /** Frees the reserved space. */
  readonly release: () => void;
  /** Reserves space again if there is enough. */
  readonly restore: () => void;
};

const MAX_RESERVED_BYTES = 2 * 1024 * 1024;
const SLACK_BYTES = 64 * 1024;
/** A commit takes more space than its rows: whole pages, and pages of the index. */
const PAGE_FACTOR = 2;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const freeBytes = (path: string): number => {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
};

const fill = (path: string, bytes: number): void => {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, Buffer.alloc(bytes)); // written, because a sparse file would reserve nothing
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Reserves space for a spool file, unless an earlier process already has. */
export const createSpoolDisk = (path: string): SpoolDisk => {
  const reserve = `${path}.reserve`;
  let isReserved = false;
  const release = (): void => {
    isReserved = false;
    if (sizeOf(reserve) > 0) truncateSync(reserve, 0);
  };
  const restore = (): void => {
    try {
      if (sizeOf(reserve) === 0) fill(reserve, Math.min(MAX_RESERVED_BYTES, Math.floor(freeBytes(path) / 4)));
      isReserved = true;
    } catch {
      release(); // no room now: tried again once the spool has been emptied
    }
  };
  restore();
  // While nothing is reserved, free space is for removals only: new callbacks could use it up, and removals would fail.
  const hasRoomFor = (bytes: number): boolean =>
    isReserved && freeBytes(path) > sizeOf(`${path}-wal`) + bytes * PAGE_FACTOR + SLACK_BYTES;
  return { hasRoomFor, release, restore };
};
