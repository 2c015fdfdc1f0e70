import { DAY_MS } from '../../core/time.ts';
import type { RedisClient } from '../connection/connection.ts';
import type { WrittenEntry } from '../journal/journal-writer.ts';
import { createScript, readScript, type Script } from '../lua-script.ts';
import { dayOfEntry, daysKey, keysOfDay } from './index-codec.ts';
import { type ClaimedEntry, claimedEntry, IndexBatch } from './indexed-entry.ts';
import { refundIdsOf } from './refund-id.ts';

/** Entries are indexed together after this time, in milliseconds. */
const FLUSH_MS = 250;
/** Entries of one script call: Redis is blocked while it runs. */
const BATCH = 128;
/** What waits in memory while Redis is slow or unavailable; later entries are counted as skipped. */
const MAX_WAITING = 5000;

/** Keys of a few merchants' days. */
const MAX_KNOWN = 50_000;

export type IndexWriterOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long an id is found, in milliseconds. */
  readonly retentionMs: number;
  /** How long the journal has entries, in milliseconds. */
  readonly journalMs: number;
  readonly onSkipped: (count: number) => void;
  readonly onError: (error: unknown) => void;
};

/**
 * Makes payments findable by every id, for as long as the ledger knows them. It is written behind the journal, in
 * batches, on the journal's connection: no callback waits for it, and none fails with it.
 */
export class IndexWriter implements AsyncDisposable {
  readonly #options: IndexWriterOptions;
  readonly #script: Script<number>;
  readonly #waiting: ClaimedEntry[] = [];
  /** Keys that have a lifetime already, and days that are noted. */
  readonly #known = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: IndexWriterOptions) {
    this.#options = options;
    this.#script = createScript(options.redis, readScript('index-entries'));
  }

  /** Indexes an entry that has just been written to the journal. */
  note({ id, note }: WrittenEntry): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#options.onSkipped(1);
      return;
    }
    this.#waiting.push(claimedEntry(id, note));
    // A full batch is sent at once: what waits long is promoted to the old generation, whose collection is expensive.
    if (this.#waiting.length === BATCH) void this.flush();
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, FLUSH_MS).unref();
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#writeAll());
    return this.#flushing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.flush();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      const days = Map.groupBy(batch, ({ id, meta }) => `${meta.merchant} ${dayOfEntry(id)}`);
      for (const entries of days.values()) await this.#write(entries);
    }
  }

  /** Writes entries of one merchant's day. */
  async #write(entries: readonly ClaimedEntry[]): Promise<void> {
    const { redis, prefix, onError, onSkipped } = this.#options;
    const [first] = entries;
    if (first === undefined) return;
    try {
      const keysOf = keysOfDay(prefix, first.meta.merchant, dayOfEntry(first.id));
      const refundIds = await refundIdsOf(redis, prefix, entries);
      const batch = new IndexBatch(keysOf);
      for (const [index, entry] of entries.entries()) batch.add(entry, refundIds[index] ?? null);
      await this.#noteDay(first.meta.merchant, dayOfEntry(first.id));
      const fresh = [...batch.hashes.keys()].filter((key) => !this.#known.has(key));
      await this.#script([...fresh, keysOf.recent, ...batch.hashes.keys()], this.#argumentsOf(batch, fresh));
      this.#remember(fresh);
    } catch (error) {
      onSkipped(entries.length);
      onError(error);
    }
  }

  #argumentsOf({ members, hashes }: IndexBatch, fresh: readonly string[]): (string | number)[] {
    const { retentionMs, journalMs } = this.#options;
    const args: (string | number)[] = [fresh.length];
    // A key is made when its day begins, and its day is as old as it gets.
    for (const key of fresh) args.push(DAY_MS + (hashes.get(key)?.isOfJournal === true ? journalMs : retentionMs));
    args.push(DAY_MS + retentionMs, members.size);
    for (const member of members) args.push(0, member);
    for (const { pairs } of hashes.values()) args.push(pairs.length, ...pairs);
    return args;
  }

  /** Notes the day before anything is written to it, so that its ids are put into blocks one day. */
  async #noteDay(merchant: string, day: string): Promise<void> {
    const { redis, prefix, retentionMs } = this.#options;
    const noted = `${merchant} ${day}`;
    if (this.#known.has(noted)) return;
    await Promise.all([redis.sadd(daysKey(prefix), noted), redis.pexpire(daysKey(prefix), DAY_MS + retentionMs)]);
    this.#remember([noted]);
  }

  #remember(keys: readonly string[]): void {
    if (this.#known.size > MAX_KNOWN) this.#known.clear(); // asking once more does no harm
    for (const key of keys) this.#known.add(key);
  }
}
