import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { SpooledCallback } from '../receive/ports.ts';
import { callbackOf } from './spool-table.ts';

export type Orphan = { readonly path: string; readonly file: DatabaseSync };

/** An entry of another file; its key is null if that file was written by version 0.1. */
export type OrphanEntry = SpooledCallback & { readonly key: string | null };

/** Maximum number of entries per step, so that a large file can be taken over without room for a second one. */
const STEP = 100;

const NEXT = 'SELECT * FROM spool ORDER BY seq LIMIT ?';

/**
 * Files in the folder that processes left when they ended. Their callbacks are taken over step by step, as fast as they are
 * moved to Redis. Each step is copied and synced before it is deleted from the other file: after a crash in between, a
 * callback is in both, which is still one event. Empty files are deleted.
 */
export class Orphans implements Disposable {
  readonly #orphans: Orphan[];
  #count: number;

  constructor(orphans: readonly Orphan[]) {
    this.#orphans = [...orphans];
    this.#count = orphans.reduce((sum, { file }) => {
      const row = file.prepare('SELECT count(*) AS count FROM spool').get();
      return sum + Number(row?.['count']);
    }, 0);
    this.#dropEmpty();
  }

  /** How many callbacks the files contain. */
  get count(): number {
    return this.#count;
  }

  /** Moves one step of entries. They must be on disk when `store` returns. */
  move(store: (entries: readonly OrphanEntry[]) => void): void {
    const [orphan] = this.#orphans;
    if (orphan === undefined) return;
    const rows = orphan.file.prepare(NEXT).all(STEP);
    store(rows.map((row) => ({ ...callbackOf(row), key: row['key'] as string | null })));
    const last = rows.at(-1)?.['seq'];
    if (last !== undefined) orphan.file.prepare('DELETE FROM spool WHERE seq <= ?').run(last);
    this.#count -= rows.length;
    this.#dropEmpty();
  }

  [Symbol.dispose](): void {
    for (const { file } of this.#orphans) file.close();
  }

  /** No other process can have written to the files meanwhile, because this one has them open. */
  #dropEmpty(): void {
    for (const orphan of [...this.#orphans]) {
      if (orphan.file.prepare('SELECT 1 FROM spool LIMIT 1').get() !== undefined) continue;
      orphan.file.close();
      for (const end of ['', '-wal', '-shm', '.reserve']) rmSync(`${orphan.path}${end}`, { force: true });
      this.#orphans.splice(this.#orphans.indexOf(orphan), 1);
    }
  }
}
