import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Spool, SpooledCallback } from '../receive/ports.ts';
import type { SpoolDisk } from './disk.ts';
import { DurableFile } from './durable-file.ts';
import type { Orphans } from './orphans.ts';
import { SqliteSetAside } from './set-aside.ts';
import { type SpoolEntry, SpoolTable } from './spool-table.ts';

/** The spool has no room left. */
class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError';
}

export type SqliteSpoolOptions = {
  readonly file: DatabaseSync;
  readonly maxBytes: number;
  readonly disk: SpoolDisk;
  /** Files that other processes left when they ended. */
  readonly orphans: Orphans;
};

/** A callback that is not committed yet. */
type Append = {
  readonly callback: SpooledCallback;
  readonly key: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Approximate size of an entry without its body, in bytes. */
const ENTRY_OVERHEAD = 192;
/** Free space below which the spool counts as full, in bytes: room for a few callbacks of ordinary size. */
const MIN_FREE_BYTES = 64 * 1024;
/** The same for a small spool, as a share of `maxBytes`. */
const MIN_FREE_SHARE = 1 / 8;

/** Maximum size of one commit, in bytes. */
const COMMIT_BYTES = 128 * 1024;

const sizeOf = ({ body }: { readonly body: Uint8Array }): number => body.byteLength + ENTRY_OVERHEAD;

/** The same signed text posted to the same address is the same callback, even if its body differs. */
const keyOf = ({ merchant, product }: SpooledCallback, signedText: string): string =>
  hash('sha256', JSON.stringify([merchant, product, signedText])).slice(0, 32);

/**
 * The embedded file that takes over when Redis is unavailable. A callback is on disk once `append` resolves; a repeated one
 * is stored once. Callbacks that arrive together share one commit, and so one sync.
 */
export class SqliteSpool implements Spool, Disposable {
  readonly #file: DurableFile;
  readonly #table: SpoolTable;
  readonly #options: SqliteSpoolOptions;
  /** Callbacks that could not be moved to Redis. */
  readonly aside: SqliteSetAside;
  readonly #appends: Append[] = [];
  /** Callbacks that are not committed yet, by key. */
  readonly #pending = new Map<string, Promise<void>>();
  #bytes: number;
  #count: number;

  constructor(options: SqliteSpoolOptions) {
    this.#options = options;
    this.#file = new DurableFile(options.file, options.disk);
    this.#table = new SpoolTable(options.file);
    const { waiting, setAside, bytes } = this.#table.totals();
    this.#count = waiting;
    this.#bytes = bytes + (waiting + setAside) * ENTRY_OVERHEAD;
    this.aside = new SqliteSetAside({
      file: this.#file,
      table: this.#table,
      onRetried: () => {
        this.#count += 1;
      },
      onDiscarded: (callback) => this.#forgetBytes([callback]),
    });
  }

  append(callback: SpooledCallback, signedText: string): Promise<void> {
    const key = keyOf(callback, signedText);
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    if (this.#table.has(key)) return Promise.resolve();
    if (this.#bytes + sizeOf(callback) > this.#options.maxBytes) {
      return Promise.reject(new SpoolFullError('the spool is full'));
    }
    this.#bytes += sizeOf(callback);
    const committed = new Promise<void>((resolve, reject) => {
      this.#appends.push({ callback, key, resolve, reject });
      if (this.#appends.length === 1) setImmediate(() => this.#commit());
    }).finally(() => this.#pending.delete(key));
    this.#pending.set(key, committed);
    return committed;
  }

  /** How many callbacks are waiting to be moved to Redis. */
  get count(): number {
    return this.#count + this.#options.orphans.count;
  }

  /** The size of its callbacks, and the maximum size. */
  get usage(): { readonly bytes: number; readonly maxBytes: number } {
    return { bytes: this.#bytes, maxBytes: this.#options.maxBytes };
  }

  /** What is wrong and how to fix it; null while it can store callbacks. After a failed write, this tries to write again. */
  problem(): string | null {
    const { maxBytes } = this.#options;
    if (!this.#file.isWritable())
      return 'The spool cannot be written: check the disk of SPOOL_DIR. The callbacks in it are kept.';
    if (this.#bytes + Math.min(MIN_FREE_BYTES, maxBytes * MIN_FREE_SHARE) > maxBytes)
      return 'The spool is full: make Redis available again, or raise SPOOL_MAX_BYTES.';
    return null;
  }

  /** When the oldest waiting callback was received, in milliseconds since 1970; null if none is waiting. */
  oldestReceivedAt(): number | null {
    return this.#table.oldestReceivedAt();
  }

  /** Waiting callbacks after this `seq`, in order. If there are fewer than `limit`, first takes over some from orphans. */
  listWaiting(after: number, limit: number): SpoolEntry[] {
    if (this.#count < limit) this.#adopt();
    return this.#table.listWaiting(after, limit);
  }

  /** Removes callbacks that are stored in Redis now. Works on a full disk too. */
  remove(entries: readonly SpoolEntry[]): void {
    this.#file.commitAnyway(() => {
      for (const { seq } of entries) this.#table.delete(seq);
    });
    this.#count -= entries.length;
    this.#forgetBytes(entries);
    if (this.count > 0) return;
    this.#file.trim('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    this.#options.disk.restore();
  }

  /** Sets a callback aside that cannot be moved to Redis. */
  setAside(entry: SpoolEntry, at: number, reason: string): void {
    this.aside.add(entry, at, reason);
    this.#count -= 1;
  }

  [Symbol.dispose](): void {
    while (this.#appends.length > 0) this.#commit();
    this.#file[Symbol.dispose]();
    this.#options.orphans[Symbol.dispose]();
  }

  #forgetBytes(entries: readonly { readonly body: Uint8Array }[]): void {
    this.#bytes -= entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  }

  #adopt(): void {
    this.#options.orphans.move((entries) => {
      const added = this.#file.commitAnyway(() =>
        entries.filter(({ key, ...entry }) => this.#table.insert(entry, key)),
      );
      this.#count += added.length;
      this.#bytes += added.reduce((sum, entry) => sum + sizeOf(entry), 0);
    });
  }

  #commit(): void {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    if (this.#appends.length > 0) setImmediate(() => this.#commit());
    try {
      const bytes = batch.reduce((sum, { callback }) => sum + sizeOf(callback), 0);
      if (!this.#options.disk.hasRoomFor(bytes)) throw new SpoolFullError("the spool's disk is full");
      this.#file.commit(() => {
        for (const { callback, key } of batch) this.#table.insert(callback, key);
      });
      this.#count += batch.length;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      this.#forgetBytes(batch.map(({ callback }) => callback));
      for (const { reject } of batch) reject(error);
    }
  }

  /** Takes the callbacks of the next commit: not so many that its log would fill a small disk. */
  #takeBatch(): Append[] {
    let [count, bytes] = [0, 0];
    for (const { callback } of this.#appends) {
      if (count > 0 && bytes + sizeOf(callback) > COMMIT_BYTES) break;
      count += 1;
      bytes += sizeOf(callback);
    }
    return this.#appends.splice(0, count);
  }
}
