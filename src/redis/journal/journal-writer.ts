import { subscriberOf } from '../../core/ip-address.ts';
import { shareCall } from '../../core/share-call.ts';
import { isGenuine, type Journal, type NewJournalEntry } from '../../receive/journal.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createScript, readScript, type Script } from '../lua-script.ts';
import type { JournalCipher } from './journal-cipher.ts';
import { encodeNote, type JournalPart, journalKeys, journalParts } from './journal-codec.ts';
import { Sampling } from './sampling.ts';
import { repeats, sizeOf, type WaitingEntry, waitingEntry } from './waiting-entry.ts';

/** Entries are written together after this time, so that a burst needs few commands. */
const FLUSH_MS = 100;
/** Entries per command: few enough that Redis is never blocked for long. */
const BATCH = 64;
/** Limit of the entries buffered while Redis is slow or unavailable, in bytes; more are dropped. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** The part of the entries that callbacks that are not genuine may take, beside the genuine ones. */
const SUSPECT_PART = 1 / 10;
/** Room for each entry on average, in bytes; an ordinary one takes a quarter of it. */
const BYTES_PER_ENTRY = 4096;

/** Why an entry was not recorded. */
export const skippedReasons = ['sampled', 'overflow', 'redis', 'index'] as const;
export type Skipped = (typeof skippedReasons)[number];

export type JournalWriterOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly cipher: JournalCipher | null;
  /** How long an entry is kept, in milliseconds. */
  readonly retentionMs: number;
  /** Most genuine entries. */
  readonly maxEntries: number;
  readonly onSkipped: (reason: Skipped, count: number) => void;
  /** Called with each genuine entry that was written; never waited for. */
  readonly onWritten?: (entry: WrittenEntry) => void;
  readonly onError: (error: unknown) => void;
};

/** A genuine entry and the id that it got. */
export type WrittenEntry = { readonly id: string; readonly note: NewJournalEntry };

/**
 * A {@link Journal} in Redis streams, written in batches on its own connection. Entries that cannot be written are
 * dropped and counted: only the queues must never lose anything.
 */
export class JournalWriter implements Journal, AsyncDisposable {
  readonly #options: JournalWriterOptions;
  readonly #append: Script<readonly string[]>;
  readonly #sampling = new Sampling();
  readonly #waiting: WaitingEntry[] = [];
  /** The entries that wait, the newest of each digest. */
  readonly #byDigest = new Map<string, WaitingEntry>();
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Writes the buffered entries. Never rejects. */
  readonly flush = shareCall(() => this.#writeAll());

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#append = createScript(options.redis, readScript('append-journal'));
  }

  record(note: NewJournalEntry): void {
    const entry = waitingEntry(note);
    const earlier = this.#byDigest.get(entry.digest);
    if (earlier !== undefined && repeats(note, earlier.note)) {
      earlier.count += 1;
      return;
    }
    const reason = this.#reasonToSkip(note);
    if (reason === null) this.#wait(entry);
    else this.#options.onSkipped(reason, 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #wait(entry: WaitingEntry): void {
    this.#waiting.push(entry);
    this.#waitingBytes += sizeOf(entry.note);
    if (entry.digest !== '') this.#byDigest.set(entry.digest, entry);
    // A full batch is sent at once: entries that wait long are promoted to the old generation, whose collection is expensive.
    if (this.#waiting.length === BATCH) void this.flush();
    else this.#flushLater();
  }

  #reasonToSkip(note: NewJournalEntry): Skipped | null {
    const { meta } = note;
    if (!isGenuine(meta) && !this.#sampling.take(subscriberOf(meta.source ?? ''), meta.receivedAt)) return 'sampled';
    return this.#waitingBytes + sizeOf(note) > MAX_WAITING_BYTES ? 'overflow' : null;
  }

  async #writeAll(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#waiting.length > 0 && this.#options.redis.status === 'ready') {
      const batch = this.#waiting.splice(0, BATCH);
      for (const { note, digest } of batch) {
        this.#waitingBytes -= sizeOf(note);
        this.#byDigest.delete(digest);
      }
      await this.#write(batch);
    }
    // Redis is unavailable: the rest is written when it is back.
    if (this.#waiting.length > 0) this.#flushLater();
  }

  /** The timer resets itself: a flush during a write starts no second write that would reset it. */
  #flushLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, FLUSH_MS).unref();
  }

  async #write(batch: readonly WaitingEntry[]): Promise<void> {
    await Promise.all(
      journalParts.map((part) => {
        const entries = batch.filter(({ note: { meta } }) => isGenuine(meta) === (part === 'genuine'));
        return entries.length === 0 ? undefined : this.#writePart(part, entries);
      }),
    );
  }

  async #writePart(part: JournalPart, entries: readonly WaitingEntry[]): Promise<void> {
    const { prefix, retentionMs, onError, onSkipped, onWritten } = this.#options;
    const maxEntries = Math.ceil(this.#options.maxEntries * (part === 'genuine' ? 1 : SUSPECT_PART));
    const bounds = [maxEntries, maxEntries * BYTES_PER_ENTRY, retentionMs];
    const args = entries.flatMap((entry) => this.#argumentsOf(entry, part));
    try {
      const ids = await this.#append(journalKeys(prefix, part), [...bounds, ...args]);
      if (part === 'suspect' || onWritten === undefined) return;
      for (const [index, { note }] of entries.entries()) {
        const id = ids[index] ?? '';
        if (id !== '') onWritten({ id: `${part}-${id}`, note });
      }
    } catch (error) {
      onSkipped('redis', entries.length);
      onError(error);
    }
  }

  #argumentsOf({ note, digest, count }: WaitingEntry, part: JournalPart): (string | number | Buffer)[] {
    const { outcome, source } = note.meta;
    const bounded = part === 'genuine' ? '' : subscriberOf(source ?? '');
    return [digest, outcome, count, bounded, ...encodeNote(note, this.#options.cipher).map(asArgument)];
  }
}

/** ioredis sends a Buffer as it is, and other bytes as text. */
const asArgument = (value: string | Uint8Array): string | Buffer =>
  typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
