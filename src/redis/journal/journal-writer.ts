import { shareCall } from '../../core/share-call.ts';
import { isGenuine, type Journal, type JournalEntry, type JournalNote } from '../../receive/journal.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createScript, type Script } from '../lua-script.ts';
import type { JournalCipher } from './journal-cipher.ts';
import { encodeNote, JOURNAL_RETENTION_MS, type JournalPart, journalKey, journalParts } from './journal-codec.ts';

// Appends entries to a stream, trims it to its cap and age, and lets an idle stream expire.
const APPEND = `
local ids = {}
for i = 4, #ARGV, 3 do
  ids[#ids + 1] = redis.call('XADD', KEYS[1], '*', 'meta', ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[1])
redis.call('XTRIM', KEYS[1], 'MINID', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return ids`;

/** Approximate number of entries of each part. */
const CAPS: Readonly<Record<JournalPart, number>> = { genuine: 10_000, suspect: 1000 };

/** Entries are written together after this time, so that a burst needs few commands. */
const FLUSH_MS = 100;
/** Entries per command: few enough that Redis is never blocked for long. */
const BATCH = 64;
/** Limit of the entries buffered while Redis is slow or unavailable, in bytes; more are dropped. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Approximate size of an entry in memory: its body and as much again as an ordinary one has. */
const sizeOf = ({ body }: JournalNote): number => 1024 + (body?.length ?? 0);

/** Rate at which callbacks that are not genuine are recorded, whoever sends them. */
const SUSPECTS = { perSecond: 10, burst: 50 };

/** Why an entry was not recorded. */
export const skippedReasons = ['sampled', 'overflow', 'redis', 'index'] as const;
export type Skipped = (typeof skippedReasons)[number];

export type JournalWriterOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly cipher: JournalCipher | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onSkipped: (reason: Skipped, count: number) => void;
  /** Called with what was written; never waited for. */
  readonly onWritten?: (entries: readonly JournalEntry[]) => void;
  readonly onError: (error: unknown) => void;
};

/**
 * A {@link Journal} in Redis streams, written in batches on its own connection. Entries that cannot be written are
 * dropped and counted: only the queues must never lose anything.
 */
export class JournalWriter implements Journal, AsyncDisposable {
  readonly #options: JournalWriterOptions;
  readonly #append: Script<readonly string[]>;
  readonly #waiting: JournalNote[] = [];
  #waitingBytes = 0;
  #allowance = { left: SUSPECTS.burst, at: 0 };
  #timer: NodeJS.Timeout | null = null;
  /** Writes the buffered entries. Never rejects. */
  readonly flush = shareCall(() => this.#writeAll());

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#append = createScript(options.redis, APPEND);
  }

  note(entry: JournalNote): void {
    const reason = this.#reasonToSkip(entry);
    if (reason !== null) {
      this.#options.onSkipped(reason, 1);
      return;
    }
    this.#waiting.push(entry);
    this.#waitingBytes += sizeOf(entry);
    // A full batch is sent at once: entries that wait long are promoted to the old generation, whose collection is expensive.
    if (this.#waiting.length === BATCH) void this.flush();
    else this.#flushLater();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #reasonToSkip(entry: JournalNote): Skipped | null {
    if (!isGenuine(entry) && !this.#mayKeepSuspect(entry.receivedAt)) return 'sampled';
    return this.#waitingBytes + sizeOf(entry) > MAX_WAITING_BYTES ? 'overflow' : null;
  }

  #mayKeepSuspect(at: number): boolean {
    const { left, at: before } = this.#allowance;
    const refilled = Math.min(SUSPECTS.burst, left + (Math.max(0, at - before) * SUSPECTS.perSecond) / 1000);
    this.#allowance = { left: Math.max(0, refilled - 1), at };
    return refilled >= 1;
  }

  async #writeAll(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#waiting.length > 0 && this.#options.redis.status === 'ready') {
      const batch = this.#waiting.splice(0, BATCH);
      this.#waitingBytes -= batch.reduce((sum, note) => sum + sizeOf(note), 0);
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

  async #write(batch: readonly JournalNote[]): Promise<void> {
    const { prefix, cipher, now, onError, onSkipped, onWritten } = this.#options;
    for (const part of journalParts) {
      const notes = batch.filter((note) => isGenuine(note) === (part === 'genuine'));
      if (notes.length === 0) continue;
      const fields = notes.flatMap((note) => encodeNote(note, cipher).map(asArgument));
      const minId = now() - JOURNAL_RETENTION_MS;
      try {
        const ids = await this.#append(
          [journalKey(prefix, part)],
          [CAPS[part], minId, JOURNAL_RETENTION_MS, ...fields],
        );
        onWritten?.(notes.map((note, index) => ({ ...note, id: `${part}-${ids[index]}` })));
      } catch (error) {
        onSkipped('redis', notes.length);
        onError(error);
      }
    }
  }
}

/** ioredis sends a Buffer as it is, and other bytes as text. */
const asArgument = (value: string | Uint8Array): string | Buffer =>
  typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
