import { closeSync, fsyncSync, openSync, statfsSync, statSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The disk that a spool file stands on. Forgetting what was moved to Redis is a write too: on a full disk it would fail,
 * and a full spool could never be emptied. So the spool stops before the disk is full, and some space is held back for
 * the case that others fill it.
 */
export type SpoolDisk = {
  /** Whether so many bytes can be committed, and everything in the log still be moved into the file afterwards. */
  readonly hasRoomFor: (bytes: number) => boolean;
  /** Gives the space back that was held. */
  readonly release: () => void;
  /** Takes it again, if there is any. */
  readonly restore: () => void;
};

const MAX_HELD_BYTES = 2 * 1024 * 1024;
const SLACK_BYTES = 64 * 1024;
/** A commit takes more than its rows: whole pages, and pages of the index above them. */
const PAGE_FACTOR = 2;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const freeBytes = (path: string): number => {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
};

const fill = (path: string, bytes: number): void => {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, Buffer.alloc(bytes)); // written, not only sized: a sparse file would hold nothing
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Looks after the disk of a spool file. What an earlier process held there is kept. */
export const createSpoolDisk = (path: string): SpoolDisk => {
  const held = `${path}.reserve`;
  let isHolding = false;
  const release = (): void => {
    isHolding = false;
    if (sizeOf(held) > 0) truncateSync(held, 0);
  };
  const restore = (): void => {
    try {
      if (sizeOf(held) === 0) fill(held, Math.min(MAX_HELD_BYTES, Math.floor(freeBytes(path) / 4)));
      isHolding = true;
    } catch {
      release(); // no room for it now: tried again when the spool has been emptied
    }
  };
  restore();
  // While nothing is held, what is free is for removals only: new callbacks would take it, and the next removal fail.
  const hasRoomFor = (bytes: number): boolean =>
    isHolding && freeBytes(path) > sizeOf(`${path}-wal`) + bytes * PAGE_FACTOR + SLACK_BYTES;
  return { hasRoomFor, release, restore };
};
