import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../core/result.ts';
import { createSpoolDisk } from './disk.ts';
import { type Orphan, Orphans } from './orphans.ts';
import { openSpoolFile } from './spool-file.ts';
import { SqliteSpool } from './sqlite-spool.ts';

const MAX_FILES = 64;
const FILE = /^spool(-\d+)?\.sqlite$/;

const fileName = (index: number): string => (index === 0 ? 'spool.sqlite' : `spool-${index + 1}.sqlite`);

type Opened = { readonly name: string; readonly file: DatabaseSync };

/** Opens the first file that no other process has open, so that replicas that share a folder each get their own. */
const openFirstFree = (dir: string): Opened => {
  for (let index = 0; index < MAX_FILES; index += 1) {
    const name = fileName(index);
    const file = openSpoolFile(join(dir, name));
    if (file !== null) return { name, file };
  }
  throw new Error('every spool file is in use');
};

/** The other files that no process has open. */
const openOrphans = (own: Opened, dir: string): Orphans => {
  const orphans: Orphan[] = [];
  for (const name of readdirSync(dir).filter((it) => FILE.test(it) && it !== own.name)) {
    const path = join(dir, name);
    const file = openSpoolFile(path);
    if (file !== null) orphans.push({ path, file });
  }
  return new Orphans(orphans);
};

/**
 * Opens the spool in a folder, including files that earlier processes left there. A damaged file is not modified.
 *
 * @returns the spool, or what is wrong with the folder and how to fix it
 */
export const openSpool = (dir: string, maxBytes: number): Result<SqliteSpool, string> => {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const own = openFirstFree(dir);
    const disk = createSpoolDisk(join(dir, own.name));
    return ok(new SqliteSpool({ file: own.file, maxBytes, disk, orphans: openOrphans(own, dir) }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return fail(
      `The spool cannot be opened (${message}): move the damaged file away, or repair the folder of SPOOL_DIR.`,
    );
  }
};
