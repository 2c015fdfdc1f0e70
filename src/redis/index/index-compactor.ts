import { setTimeout as wait } from 'node:timers/promises';
import { dayOf } from '../../core/day.ts';
import { shareCall } from '../../core/share-call.ts';
import { HOUR_MS } from '../../core/time.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, type Script } from '../lua-script.ts';
import { dayKeys, pendingDaysKey } from './index-codec.ts';

/** How often the compactor runs, in milliseconds. */
const INTERVAL_MS = 60_000;
/** Ids of the current day that trigger compaction: the more ids move at once, the more of them share a block. */
const MAX_LOOSE_IDS = 400_000;
/** Ids per script call, which blocks Redis for approximately two milliseconds. */
const STEP_IDS = 500;
/** Pause between two steps, in milliseconds, so that callbacks are not delayed. */
const STEP_PAUSE_MS = 10;
const END = -1;

export type IndexCompactorOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** Compacts the current day too once it has this many ids outside blocks. Default 400,000. */
  readonly maxLooseIds?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
};

/**
 * Moves ids into blocks, which take a third of the memory: those of past days, and those of the current day once there are
 * many. Each step is one script call, so ids can be found at any moment and all replicas may compact at the same time.
 */
export class IndexCompactor implements Disposable {
  readonly #options: IndexCompactorOptions;
  readonly #script: Script<number>;
  readonly #timer: NodeJS.Timeout;
  readonly #disposed = new AbortController();
  /** Compacts every day that is due. Never rejects: the next run tries again. */
  readonly compact = shareCall(() => this.#compactAll().catch((error: unknown) => this.#options.onError(error)));

  constructor(options: IndexCompactorOptions) {
    this.#options = options;
    this.#script = loadScript(options.redis, 'compact-ids');
    this.#timer = setInterval(() => void this.compact(), INTERVAL_MS).unref();
  }

  /** Stops after the current step, without waiting for it. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#disposed.abort();
  }

  async #compactAll(): Promise<void> {
    if (this.#disposed.signal.aborted) return;
    const { redis, prefix, now, maxLooseIds = MAX_LOOSE_IDS } = this.#options;
    const today = dayOf(now() - HOUR_MS, 'UTC'); // the clock of Redis, which decides the day of an entry, may be behind
    for (const pending of await redis.smembers(pendingDaysKey(prefix))) {
      const [merchant = '', day = ''] = pending.split(' ');
      const isOver = day < today;
      if (!isOver && (await redis.zcard(dayKeys(prefix, merchant, day).recent)) < maxLooseIds) continue;
      if (!(await this.#compactDay(merchant, day))) return;
      if (isOver) await redis.srem(pendingDaysKey(prefix), pending);
    }
  }

  /** @returns false when interrupted */
  async #compactDay(merchant: string, day: string): Promise<boolean> {
    const { recent, blocks, firstBlock } = dayKeys(this.#options.prefix, merchant, day);
    let rank = 0;
    while (rank !== END) {
      if (this.#disposed.signal.aborted) return false;
      rank = await this.#script([recent, blocks, firstBlock], [rank, STEP_IDS]);
      await wait(STEP_PAUSE_MS);
    }
    return true;
  }
}
