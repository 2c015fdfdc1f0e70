import { clientNetworkOf } from '../../core/ip-address.ts';
import { shareCall } from '../../core/share-call.ts';
import { isGenuine, type Journal, type NewJournalEntry } from '../../receive/journal.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, type Script } from '../lua-script.ts';
import { type BufferedEntry, bufferedEntry, repeats, sizeOf } from './buffered-entry.ts';
import type { JournalCipher } from './journal-cipher.ts';
import { encodeEntry, type JournalPart, journalKeys, journalParts } from './journal-codec.ts';
import { Sampling } from './sampling.ts';

/** How long entries are buffered to be written together, in milliseconds. */
const FLUSH_MS = 100;
/** Maximum number of entries per script call: Redis is blocked while it runs. */
const BATCH = 64;
/** Maximum size of the entries buffered while Redis is slow or unavailable, in bytes; further ones are dropped. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Suspect entries allowed per genuine one. */
const SUSPECT_SHARE = 1 / 10;
/** Average space allowed per entry, in bytes; an ordinary entry takes a quarter of it. */
const BYTES_PER_ENTRY = 4096;

/** Why an entry was not recorded, or was not indexed. */
export const skipReasons = ['sampled', 'overflow', 'redis', 'index'] as const;
export type SkipReason = (typeof skipReasons)[number];

export type JournalWriterOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly cipher: JournalCipher | null;
  /** How long entries are kept, in milliseconds. */
  readonly retentionMs: number;
  /** Maximum number of genuine entries. */
  readonly maxEntries: number;
  readonly onSkipped: (reason: SkipReason, count: number) => void;
  /** Called with each genuine entry that was written. */
  readonly onWritten?: (entry: WrittenEntry) => void;
  readonly onError: (error: unknown) => void;
};

/** An entry and the id that the journal gave it. */
export type WrittenEntry = { readonly id: string; readonly entry: NewJournalEntry };

/**
 * A {@link Journal} in Redis streams, written in batches on its own connection. Entries that cannot be written are dropped
 * and counted, because only the queues must never lose anything.
 */
export class JournalWriter implements Journal, AsyncDisposable {
  readonly #options: JournalWriterOptions;
  readonly #append: Script<readonly string[]>;
  readonly #sampling = new Sampling();
  readonly #buffer: BufferedEntry[] = [];
  /** The newest buffered entry of each digest. */
  readonly #byDigest = new Map<string, BufferedEntry>();
  #bufferedBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Writes the buffered entries. Never rejects. */
  readonly flush = shareCall(() => this.#writeAll());

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#append = loadScript(options.redis, 'append-journal');
  }

  record(entry: NewJournalEntry): void {
    const buffered = bufferedEntry(entry);
    const earlier = this.#byDigest.get(buffered.digest);
    if (earlier !== undefined && repeats(entry, earlier.entry)) {
      earlier.count += 1;
      return;
    }
    const reason = this.#reasonToSkip(entry);
    if (reason === null) this.#add(buffered);
    else this.#options.onSkipped(reason, 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #add(buffered: BufferedEntry): void {
    this.#buffer.push(buffered);
    this.#bufferedBytes += sizeOf(buffered.entry);
    if (buffered.digest !== '') this.#byDigest.set(buffered.digest, buffered);
    // Sent early, because entries that wait long are promoted to the old generation, whose collection is expensive.
    if (this.#buffer.length === BATCH) void this.flush();
    else this.#flushLater();
  }

  #reasonToSkip(entry: NewJournalEntry): SkipReason | null {
    const { meta } = entry;
    if (!isGenuine(meta) && !this.#sampling.take(clientNetworkOf(meta.source ?? ''), meta.receivedAt)) return 'sampled';
    return this.#bufferedBytes + sizeOf(entry) > MAX_BUFFERED_BYTES ? 'overflow' : null;
  }

  async #writeAll(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#buffer.length > 0 && this.#options.redis.status === 'ready') {
      const batch = this.#buffer.splice(0, BATCH);
      for (const { entry, digest } of batch) {
        this.#bufferedBytes -= sizeOf(entry);
        this.#byDigest.delete(digest);
      }
      await this.#write(batch);
    }
    // Redis is unavailable: the rest is written once it is back.
    if (this.#buffer.length > 0) this.#flushLater();
  }

  /** The timer clears itself, because a flush during a write joins that write, which no longer clears it. */
  #flushLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, FLUSH_MS).unref();
  }

  async #write(batch: readonly BufferedEntry[]): Promise<void> {
    await Promise.all(
      journalParts.map((part) => {
        const entries = batch.filter(({ entry: { meta } }) => isGenuine(meta) === (part === 'genuine'));
        return entries.length === 0 ? undefined : this.#writePart(part, entries);
      }),
    );
  }

  async #writePart(part: JournalPart, entries: readonly BufferedEntry[]): Promise<void> {
    const { prefix, retentionMs, onError, onSkipped, onWritten } = this.#options;
    const maxEntries = Math.ceil(this.#options.maxEntries * (part === 'genuine' ? 1 : SUSPECT_SHARE));
    const bounds = [maxEntries, maxEntries * BYTES_PER_ENTRY, retentionMs];
    const args = entries.flatMap((buffered) => this.#buildArguments(buffered, part));
    try {
      const ids = await this.#append(journalKeys(prefix, part), [...bounds, ...args]);
      if (part === 'suspect' || onWritten === undefined) return;
      for (const [index, { entry }] of entries.entries()) {
        const id = ids[index] ?? '';
        if (id !== '') onWritten({ id: `${part}-${id}`, entry });
      }
    } catch (error) {
      onSkipped('redis', entries.length);
      onError(error);
    }
  }

  #buildArguments({ entry, digest, count }: BufferedEntry, part: JournalPart): (string | number | Buffer)[] {
    const { outcome, source } = entry.meta;
    const limitedSource = part === 'genuine' ? '' : clientNetworkOf(source ?? '');
    return [digest, outcome, count, limitedSource, ...encodeEntry(entry, this.#options.cipher).map(asArgument)];
  }
}

/** ioredis sends only a Buffer as it is, and other bytes as text. */
const asArgument = (value: string | Uint8Array): string | Buffer =>
  typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
