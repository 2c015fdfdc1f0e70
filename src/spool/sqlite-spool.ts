import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Spool, SpooledCallback } from '../receive/ports.ts';
import type { SpoolDisk } from './disk.ts';

/** A spooled callback, with its place in the order. */
export type SpoolEntry = SpooledCallback & { readonly seq: number };

/** The spool has no room left. */
class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError';
}

export type SqliteSpoolOptions = {
  readonly file: DatabaseSync;
  readonly maxBytes: number;
  readonly disk: SpoolDisk;
};

type Waiting = {
  readonly callback: SpooledCallback;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
};

/** Approximate size of an entry without its body, in bytes. */
const ENTRY_OVERHEAD = 128;
/** Free space below which the spool counts as full, in bytes: a few callbacks of ordinary size. */
const ROOM = 64 * 1024;
/** The same for a small spool, as a share of its size. */
const ROOM_SHARE = 1 / 8;

/** Upper bound of one commit, in bytes. */
const COMMIT_BYTES = 128 * 1024;

const sizeOf = ({ body }: Pick<SpooledCallback, 'body'>): number => body.byteLength + ENTRY_OVERHEAD;

/**
 * The embedded file that takes over when Redis is unavailable. A callback is on disk once `append` resolves. Callbacks that
 * arrive together share one commit, so that one sync serves all of them.
 */
export class SqliteSpool implements Spool, Disposable {
  readonly #file: DatabaseSync;
  readonly #maxBytes: number;
  readonly #disk: SpoolDisk;
  readonly #insert: StatementSync;
  readonly #waiting: Waiting[] = [];
  #bytes: number;
  #count: number;
  #failure: unknown = null;

  constructor({ file, maxBytes, disk }: SqliteSpoolOptions) {
    this.#file = file;
    this.#disk = disk;
    this.#maxBytes = maxBytes;
    this.#insert = file.prepare('INSERT INTO spool (merchant, product, received_at, body) VALUES (?, ?, ?, ?)');
    const sum = file.prepare('SELECT count(*) AS count, coalesce(sum(length(body)), 0) AS bytes FROM spool').get();
    const { count, bytes } = sum as { count: number; bytes: number };
    this.#count = count;
    this.#bytes = bytes + count * ENTRY_OVERHEAD;
  }

  append(callback: SpooledCallback): Promise<void> {
    if (this.#bytes + sizeOf(callback) > this.#maxBytes) return Promise.reject(new SpoolFullError('the spool is full'));
    this.#bytes += sizeOf(callback);
    return new Promise((done, failed) => {
      this.#waiting.push({ callback, done, failed });
      if (this.#waiting.length === 1) setImmediate(() => this.#commit());
    });
  }

  /** How many callbacks wait to be moved to Redis. */
  get count(): number {
    return this.#count;
  }

  /** What the callbacks in it take of `maxBytes`, and that. */
  get room(): { readonly bytes: number; readonly maxBytes: number } {
    return { bytes: this.#bytes, maxBytes: this.#maxBytes };
  }

  /** Null while it can take more; otherwise what is wrong and how to fix it. After a failed write it tries again. */
  problem(): string | null {
    if (this.#failure !== null) this.#probe();
    if (this.#failure !== null)
      return 'The spool cannot be written: check the disk of SPOOL_DIR. It keeps the callbacks that it has.';
    if (this.#bytes + Math.min(ROOM, this.#maxBytes * ROOM_SHARE) > this.#maxBytes)
      return 'The spool is full: make Redis available again, or raise SPOOL_MAX_BYTES.';
    return null;
  }

  /** When the oldest callback that waits was received; milliseconds since 1970, null when none waits. */
  oldestReceivedAt(): number | null {
    const row = this.#file.prepare('SELECT received_at FROM spool ORDER BY seq LIMIT 1').get();
    return (row as { received_at: number } | undefined)?.received_at ?? null;
  }

  /** The oldest callbacks, in order. */
  oldest(limit: number): SpoolEntry[] {
    const rows = this.#file.prepare('SELECT * FROM spool ORDER BY seq LIMIT ?').all(limit);
    return rows.map(({ seq, merchant, product, received_at: receivedAt, body }) => ({
      seq: seq as number,
      merchant: merchant as string,
      product: product as string | null,
      receivedAt: receivedAt as number,
      body: body as Uint8Array,
    }));
  }

  /** Removes callbacks that are stored in Redis now. On a full disk it uses the reserved space. */
  remove(entries: readonly SpoolEntry[]): void {
    try {
      this.#delete(entries);
    } catch {
      this.#disk.release();
      this.#trim('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#delete(entries);
    }
    this.#count -= entries.length;
    this.#bytes -= entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (this.#count > 0) return;
    this.#trim('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    this.#disk.restore();
  }

  [Symbol.dispose](): void {
    while (this.#waiting.length > 0) this.#commit();
    this.#file.close();
  }

  /** Frees disk space. Where even that has no room, it is tried again the next time. */
  #trim(pragmas: string): void {
    try {
      this.#file.exec(pragmas);
    } catch (error) {
      this.#failure = error;
    }
  }

  #delete(entries: readonly SpoolEntry[]): void {
    const statement = this.#file.prepare('DELETE FROM spool WHERE seq = ?');
    this.#transaction(() => {
      for (const { seq } of entries) statement.run(seq);
    });
  }

  #commit(): void {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    if (this.#waiting.length > 0) setImmediate(() => this.#commit());
    try {
      const bytes = batch.reduce((sum, { callback }) => sum + sizeOf(callback), 0);
      if (!this.#disk.hasRoomFor(bytes)) throw new SpoolFullError('the disk of the spool is full');
      this.#transaction(() => {
        for (const { callback: it } of batch) this.#insert.run(it.merchant, it.product, it.receivedAt, it.body);
      });
      this.#count += batch.length;
      for (const { done } of batch) done();
    } catch (error) {
      this.#failure = error;
      for (const { callback, failed } of batch) {
        this.#bytes -= sizeOf(callback);
        failed(error);
      }
    }
  }

  /** Takes the next commit: everything that waits, but not so much that its log would fill a small disk. */
  #takeBatch(): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { callback } of this.#waiting) {
      if (count > 0 && bytes + sizeOf(callback) > COMMIT_BYTES) break;
      count += 1;
      bytes += sizeOf(callback);
    }
    return this.#waiting.splice(0, count);
  }

  #transaction(work: () => void): void {
    this.#file.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#file.exec('COMMIT');
      this.#failure = null;
    } catch (error) {
      if (this.#file.isTransaction) this.#file.exec('ROLLBACK');
      throw error;
    }
  }

  #probe(): void {
    try {
      this.#transaction(() => this.#file.exec(`PRAGMA user_version = ${Math.trunc(performance.now()) % 1_000_000}`));
    } catch (error) {
      this.#failure = error;
    }
  }
}
