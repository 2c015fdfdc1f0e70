import { DAY_MS } from '../../core/time.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createScript, readScript, type Script } from '../lua-script.ts';
import { dayOfEntry, fitsBlock, keysOfDay } from './index-codec.ts';
import { type ClaimedEntry, claimedEntry, indexedEntry, type WrittenEntry } from './indexed-entry.ts';
import { refundIdOf } from './refund-id.ts';

/** Entries are indexed together after this time, in milliseconds. */
const FLUSH_MS = 250;
/** Entries of one script call: Redis is blocked while it runs. */
const BATCH = 128;
/** What waits in memory while Redis is slow or unavailable; later entries are counted as skipped. */
const MAX_WAITING = 5000;

/** Keys of a few merchants' days. */
const MAX_KNOWN = 20_000;

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
  /** Keys that have a lifetime already. */
  readonly #known = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: IndexWriterOptions) {
    this.#options = options;
    this.#script = createScript(options.redis, readScript('index-entries'));
  }

  /** Indexes entries that have just been written to the journal. */
  note(entries: readonly WrittenEntry[]): void {
    const room = MAX_WAITING - this.#waiting.length;
    if (entries.length > room) this.#options.onSkipped(entries.length - room);
    this.#waiting.push(...entries.slice(0, room).map(claimedEntry));
    // A full batch is sent at once: what waits long is promoted to the old generation, whose collection is expensive.
    if (this.#waiting.length >= BATCH) void this.flush();
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
      const days = Map.groupBy(batch, ({ id, merchant }) => `${merchant} ${dayOfEntry(id)}`);
      for (const entries of days.values()) await this.#write(entries);
    }
  }

  /** Writes entries of one merchant's day. */
  async #write(entries: readonly ClaimedEntry[]): Promise<void> {
    const { redis, prefix, retentionMs, journalMs, onError, onSkipped } = this.#options;
    const [{ merchant, id } = { merchant: '', id: '' }] = entries;
    try {
      const keysOf = keysOfDay(prefix, merchant, dayOfEntry(id));
      const refundIds = await Promise.all(entries.map((entry) => refundIdOf(redis, prefix, entry)));
      const parts = entries.map((entry, index) => indexedEntry(keysOf, entry, refundIds[index] ?? null));
      const members = new Set(parts.flatMap((part) => part.members));
      const { block = [], other = [] } = Object.groupBy(members, (member) => (fitsBlock(member) ? 'block' : 'other'));
      const hashes = Map.groupBy(
        parts.flatMap(({ fields }) => fields),
        ({ key }) => key,
      );
      const fresh = [...hashes.keys()].filter((key) => !this.#known.has(key));
      // A key is made when its day begins, and its day is as old as it gets.
      const lifetimes = fresh.map(
        (key) => DAY_MS + (hashes.get(key)?.[0]?.isOfJournal === true ? journalMs : retentionMs),
      );
      const written = [...hashes.values()].flatMap((fields) => [
        2 * fields.length,
        ...fields.flatMap(({ name, value }) => [name, value]),
      ]);
      await this.#script(
        [...fresh, keysOf.blocks, keysOf.firstBlock, keysOf.otherIds, ...hashes.keys()],
        [
          fresh.length,
          ...lifetimes,
          DAY_MS + retentionMs,
          block.length,
          ...block.toSorted(),
          other.length,
          ...other,
          ...written,
        ],
      );
      this.#remember(fresh);
    } catch (error) {
      onSkipped(entries.length);
      onError(error);
    }
  }

  #remember(keys: readonly string[]): void {
    if (this.#known.size > MAX_KNOWN) this.#known.clear(); // asking once more does no harm
    for (const key of keys) this.#known.add(key);
  }
}
