import { chmodSync, existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Another process has the file open. */
export class SpoolBusyError extends Error {
  override readonly name = 'SpoolBusyError';
}

const SQLITE_BUSY = 5;

const PRAGMAS = `
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 32;`; // a small log, so that emptying a spool on a full disk needs little space

const TABLE = `
CREATE TABLE IF NOT EXISTS spool (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  merchant TEXT NOT NULL,
  product TEXT,
  received_at INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;`;

const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === SQLITE_BUSY;

/**
 * Opens a spool file for this process alone: no other one can open it until this one closes it or ends.
 *
 * @throws SpoolBusyError when another process has it; whatever SQLite throws when the file is damaged or cannot be made
 */
export const openSpoolFile = (path: string): DatabaseSync => {
  const isNew = !existsSync(path);
  const file = new DatabaseSync(path);
  try {
    file.exec(PRAGMAS);
    file.exec('BEGIN EXCLUSIVE; COMMIT'); // takes the lock, which the locking mode then keeps
    const { quick_check: verdict } = file.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (verdict !== 'ok') throw new Error(verdict);
    file.exec(TABLE);
    if (isNew) chmodSync(path, 0o600); // it contains payments
    return file;
  } catch (error) {
    file.close();
    throw isBusy(error) ? new SpoolBusyError(path) : error;
  }
};
