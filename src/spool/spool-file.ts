import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

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

/** Columns that files of earlier versions do not have. */
const COLUMNS: Readonly<Record<string, string>> = {
  key: 'TEXT',
  set_aside_at: 'INTEGER',
  reason: 'TEXT',
  reported: 'INTEGER NOT NULL DEFAULT 0',
  trace: 'TEXT',
};

const INDEX = 'CREATE UNIQUE INDEX IF NOT EXISTS spool_key ON spool (key);';

const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === SQLITE_BUSY;

const prepareTable = (file: DatabaseSync): void => {
  file.exec(TABLE);
  const present = new Set(
    file
      .prepare("SELECT name FROM pragma_table_info('spool')")
      .all()
      .map(({ name }) => name),
  );
  for (const [name, type] of Object.entries(COLUMNS)) {
    if (!present.has(name)) file.exec(`ALTER TABLE spool ADD COLUMN ${name} ${type}`);
  }
  file.exec(INDEX);
};

/**
 * Creates the file unless it exists, readable by its owner only, because it contains payments. SQLite gives its log the
 * same permissions.
 */
const createPrivately = (path: string): void => closeSync(openSync(path, 'a', 0o600));

/**
 * Opens a spool file exclusively: no other process can open it until this one closes it or ends.
 *
 * @returns null if another process has it open
 * @throws an error of SQLite if the file is damaged or cannot be created
 */
export const openSpoolFile = (path: string): DatabaseSync | null => {
  createPrivately(path);
  const file = new DatabaseSync(path);
  try {
    file.exec(PRAGMAS);
    file.exec('BEGIN EXCLUSIVE; COMMIT'); // takes the lock, which the locking mode then keeps
    const { quick_check: verdict } = file.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (verdict !== 'ok') throw new Error(verdict);
    prepareTable(file);
    return file;
  } catch (error) {
    file.close();
    if (isBusy(error)) return null;
    throw error;
  }
};
