import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { SpooledCallback } from '../receive/ports.ts';
import { callbackOf } from './spool-table.ts';

export type Orphan = { readonly path: string; readonly file: DatabaseSync };

/** An entry as it was in the other file; without a key where that file is of version 0.1. */
export type OrphanEntry = SpooledCallback & { readonly key: string | null };

/** How much is moved in one step: so that taking over a large file needs no room for a second one. Entries. */
const STEP = 100;

const NEXT = 'SELECT * FROM spool ORDER BY seq LIMIT ?';

/**
 * What processes that have ended left in other files of the folder. It is taken over step by step, as fast as it is moved
 * to Redis. Each step is copied and synced first, and removed there afterwards: after a crash in between a callback is in
 * both, which is still one event. An empty file is deleted.
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

  /** How many callbacks are left in the other files. */
  get count(): number {
    return this.#count;
  }

  /** Moves some entries: `store` has them on disk when it returns. */
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

  /** Nobody can have written to them meanwhile: this process has them open. */
  #dropEmpty(): void {
    for (const orphan of [...this.#orphans]) {
      if (orphan.file.prepare('SELECT 1 FROM spool LIMIT 1').get() !== undefined) continue;
      orphan.file.close();
      for (const end of ['', '-wal', '-shm', '.reserve']) rmSync(`${orphan.path}${end}`, { force: true });
      this.#orphans.splice(this.#orphans.indexOf(orphan), 1);
    }
  }
}
