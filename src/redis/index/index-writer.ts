import { DAY_MS } from '../../core/time.ts';
import type { RedisClient } from '../connection/connection.ts';
import type { WrittenEntry } from '../journal/journal-writer.ts';
import { loadScript, type Script } from '../lua-script.ts';
import { type ClaimedEntry, claimedEntry, IndexBatch } from './index-batch.ts';
import { dayKeys, dayOfEntry, pendingDaysKey } from './index-codec.ts';
import { readRefundIds } from './refund-id.ts';

/** How long entries are buffered to be indexed together, in milliseconds. */
const FLUSH_MS = 250;
/** Maximum number of entries per script call: Redis is blocked while it runs. */
const BATCH = 128;
/** Maximum number of entries buffered while Redis is slow or unavailable; further ones are skipped and counted. */
const MAX_BUFFERED = 5000;

/** Maximum number of known keys: those of a few merchants' days. */
const MAX_KNOWN = 50_000;

export type IndexWriterOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long ids can be found, in milliseconds. */
  readonly retentionMs: number;
  /** How long the journal keeps entries, in milliseconds. */
  readonly journalMs: number;
  readonly onSkipped: (count: number) => void;
  readonly onError: (error: unknown) => void;
};

/**
 * Makes payments findable by each of their ids, for as long as the ledger knows them. Entries are indexed in batches after
 * they were written to the journal, on its connection, so that no callback waits for the index or fails because of it.
 */
export class IndexWriter implements AsyncDisposable {
  readonly #options: IndexWriterOptions;
  readonly #script: Script<number>;
  readonly #buffer: ClaimedEntry[] = [];
  /** Keys that already have a lifetime, and days that are already registered. */
  readonly #known = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: IndexWriterOptions) {
    this.#options = options;
    this.#script = loadScript(options.redis, 'index-entries');
  }

  /** Indexes an entry that has just been written to the journal. */
  add({ id, entry }: WrittenEntry): void {
    if (this.#buffer.length >= MAX_BUFFERED) {
      this.#options.onSkipped(1);
      return;
    }
    this.#buffer.push(claimedEntry(id, entry));
    // Sent early, because entries that wait long are promoted to the old generation, whose collection is expensive.
    if (this.#buffer.length === BATCH) void this.flush();
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, FLUSH_MS).unref();
  }

  /** Writes the buffered entries. Never rejects. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#writeAll());
    return this.#flushing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.flush();
  }

  async #writeAll(): Promise<void> {
    while (this.#buffer.length > 0) {
      const batch = this.#buffer.splice(0, BATCH);
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
      const { merchant } = first.meta;
      const day = dayOfEntry(first.id);
      const keys = dayKeys(prefix, merchant, day);
      const refundIds = await readRefundIds(redis, prefix, entries);
      const batch = new IndexBatch(keys);
      for (const [index, entry] of entries.entries()) batch.add(entry, refundIds[index] ?? null);
      await this.#registerDay(`${merchant} ${day}`);
      const newKeys = [...batch.hashes.keys()].filter((key) => !this.#known.has(key));
      await this.#script([...newKeys, keys.recent, ...batch.hashes.keys()], this.#buildArguments(batch, newKeys));
      this.#remember(newKeys);
    } catch (error) {
      onSkipped(entries.length);
      onError(error);
    }
  }

  #buildArguments({ members, hashes }: IndexBatch, newKeys: readonly string[]): (string | number)[] {
    const { retentionMs, journalMs } = this.#options;
    const args: (string | number)[] = [newKeys.length];
    // A key is created when its day begins and must outlive the last entry of the day by the retention.
    for (const key of newKeys) args.push(DAY_MS + (hashes.get(key)?.isOfJournal === true ? journalMs : retentionMs));
    args.push(DAY_MS + retentionMs, members.size);
    for (const member of members) args.push(0, member);
    for (const { pairs } of hashes.values()) args.push(pairs.length, ...pairs);
    return args;
  }

  /** Registers a merchant's day for compaction, before anything is written to it. */
  async #registerDay(name: string): Promise<void> {
    const { redis, prefix, retentionMs } = this.#options;
    if (this.#known.has(name)) return;
    const key = pendingDaysKey(prefix);
    await Promise.all([redis.sadd(key, name), redis.pexpire(key, DAY_MS + retentionMs)]);
    this.#remember([name]);
  }

  #remember(keys: readonly string[]): void {
    if (this.#known.size > MAX_KNOWN) this.#known.clear(); // costs only that lifetimes are checked again
    for (const key of keys) this.#known.add(key);
  }
}
