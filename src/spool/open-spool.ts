import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '../core/result.ts';
import { createSpoolDisk } from './disk.ts';
import { openSpoolFile, SpoolBusyError } from './spool-file.ts';
import { SqliteSpool } from './sqlite-spool.ts';

const MAX_FILES = 64;
const FILE = /^spool(-\d+)?\.sqlite$/;

const fileName = (index: number): string => (index === 0 ? 'spool.sqlite' : `spool-${index + 1}.sqlite`);

type Opened = { readonly name: string; readonly file: DatabaseSync };

/** Opens the first file that no other process has open: replicas that share a folder each get their own. */
const openFirstFree = (dir: string): Opened => {
  for (let index = 0; index < MAX_FILES; index += 1) {
    const name = fileName(index);
    try {
      return { name, file: openSpoolFile(join(dir, name)) };
    } catch (error) {
      if (!(error instanceof SpoolBusyError)) throw error;
    }
  }
  throw new Error('every spool file is in use');
};

const openIfFree = (path: string): DatabaseSync | null => {
  try {
    return openSpoolFile(path);
  } catch (error) {
    if (error instanceof SpoolBusyError) return null;
    throw error;
  }
};

/**
 * Takes over what processes that have ended left in other files. Copied and synced first, removed there afterwards: after a
 * crash in between a callback is in both, which is still one event.
 */
const adopt = (own: Opened, dir: string): void => {
  for (const name of readdirSync(dir).filter((it) => FILE.test(it) && it !== own.name)) {
    const orphan = openIfFree(join(dir, name));
    if (orphan === null) continue;
    const rows = orphan.prepare('SELECT merchant, product, received_at, body FROM spool ORDER BY seq').all();
    const insert = own.file.prepare('INSERT INTO spool (merchant, product, received_at, body) VALUES (?, ?, ?, ?)');
    own.file.exec('BEGIN IMMEDIATE');
    for (const { merchant, product, received_at: at, body } of rows) {
      insert.run(merchant as string, product as string | null, at as number, body as Uint8Array);
    }
    own.file.exec('COMMIT');
    orphan.exec('DELETE FROM spool');
    orphan.close();
  }
};

/**
 * Opens the spool in a folder, with everything that earlier processes left in it.
 *
 * @returns the spool, or what is wrong with the folder and how to fix it; a damaged file is not touched
 */
export const openSpool = (dir: string, maxBytes: number): Result<SqliteSpool, string> => {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const own = openFirstFree(dir);
    adopt(own, dir);
    return ok(new SqliteSpool({ file: own.file, maxBytes, disk: createSpoolDisk(join(dir, own.name)) }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return fail(
      `The spool cannot be opened (${message}): move the damaged file away, or repair the folder of SPOOL_DIR.`,
    );
  }
};
