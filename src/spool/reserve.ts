import { closeSync, fsyncSync, openSync, statfsSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Disk space that is held back. Forgetting what was moved to Redis is a write too: on a full disk it would fail, and a
 * full spool could never be emptied. So some space is taken beforehand and given back when a removal needs it.
 */
export type Reserve = {
  readonly release: () => void;
  /** Takes the space again, if there is any. */
  readonly restore: () => void;
};

const MAX_BYTES = 2 * 1024 * 1024;

/** Enough for removals on any disk; on a very small one a third of what is free, so that it can be used at all. */
const sizeFor = (path: string): number => {
  const { bavail, bsize } = statfsSync(dirname(path));
  return Math.min(MAX_BYTES, Math.floor((bavail * bsize) / 3));
};

const fill = (path: string): void => {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, Buffer.alloc(sizeFor(path))); // written, not only sized: a sparse file would reserve nothing
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Holds space in a file beside the spool. */
export const createReserve = (path: string): Reserve => {
  const restore = (): void => {
    try {
      fill(path);
    } catch {
      truncateSync(path, 0); // no room for it now: tried again when the spool has been emptied
    }
  };
  restore();
  return { release: () => truncateSync(path, 0), restore };
};
