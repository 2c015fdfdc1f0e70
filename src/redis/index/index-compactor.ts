import { setTimeout as wait } from 'node:timers/promises';
import { dayOf } from '../../core/day.ts';
import { shareCall } from '../../core/share-call.ts';
import { HOUR_MS } from '../../core/time.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createScript, readScript, type Script } from '../lua-script.ts';
import { daysKey, keysOfDay } from './index-codec.ts';

/** How often it is looked for what to compact, in milliseconds. */
const PAUSE_MS = 60_000;
/** How many ids of a day that is not over may wait: the more there are, the more of them belong into one block. */
const MANY = 400_000;
/** Ids of one script call: Redis is blocked while it runs, for about two milliseconds. */
const STEP = 500;
/** Between two steps, in milliseconds: callbacks go first. */
const BREATH_MS = 10;
const END = -1;

export type IndexCompactorOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How many ids of the present day are left as they are; 400,000 by default. */
  readonly many?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
};

/**
 * Puts ids into blocks, which take a third of the memory: those of days that are over, and those of the present day when
 * there are many. Ids are found at each moment of it, and every replica may do it at once: a step is one script call.
 */
export class IndexCompactor implements Disposable {
  readonly #options: IndexCompactorOptions;
  readonly #script: Script<number>;
  readonly #timer: NodeJS.Timeout;
  readonly #ending = new AbortController();
  /** Compacts what is due. Never rejects; what could not be done is done the next time. */
  readonly compact = shareCall(() => this.#compactAll().catch((error: unknown) => this.#options.onError(error)));

  constructor(options: IndexCompactorOptions) {
    this.#options = options;
    this.#script = createScript(options.redis, readScript('compact-ids'));
    this.#timer = setInterval(() => void this.compact(), PAUSE_MS).unref();
  }

  /** Ends after the step that is under way, without waiting for it. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#ending.abort();
  }

  async #compactAll(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    const { redis, prefix, now, many = MANY } = this.#options;
    const today = dayOf(now() - HOUR_MS, 'UTC'); // the clock of Redis, which decides the day of an entry, may be behind
    for (const noted of await redis.smembers(daysKey(prefix))) {
      const [merchant = '', day = ''] = noted.split(' ');
      const isOver = day < today;
      if (!isOver && (await redis.zcard(keysOfDay(prefix, merchant, day).recent)) < many) continue;
      if (!(await this.#compactDay(merchant, day))) return;
      if (isOver) await redis.srem(daysKey(prefix), noted);
    }
  }

  /** False where it was interrupted. */
  async #compactDay(merchant: string, day: string): Promise<boolean> {
    const { recent, blocks, firstBlock } = keysOfDay(this.#options.prefix, merchant, day);
    let rank = 0;
    while (rank !== END) {
      if (this.#ending.signal.aborted) return false;
      rank = await this.#script([recent, blocks, firstBlock], [rank, STEP]);
      await wait(BREATH_MS);
    }
    return true;
  }
}
