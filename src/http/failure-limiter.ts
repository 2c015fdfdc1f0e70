import { LRUCache } from 'lru-cache';

export type FailureLimiterOptions = {
  /** Failures that an address may have in a window. */
  readonly limit: number;
  readonly windowMs: number;
  readonly now: () => number;
};

type Count = { failures: number; readonly until: number };

/** Addresses that are remembered at once: an attacker with many cannot fill the memory. */
const MAX_ADDRESSES = 10_000;

/**
 * Counts failures for each address. For callbacks it is asked after a verification failed, never before: a genuine
 * callback is never limited, also when it comes from an address that others abuse.
 */
export class FailureLimiter {
  readonly #options: FailureLimiterOptions;
  readonly #counts: LRUCache<string, Count>;

  constructor(options: FailureLimiterOptions) {
    this.#options = options;
    this.#counts = new LRUCache({ max: MAX_ADDRESSES });
  }

  /** After how many seconds the address may try again; null where it may now. Notes nothing. */
  waitOf(address: string): number | null {
    const count = this.#counts.get(address);
    const at = this.#options.now();
    if (count === undefined || count.until <= at || count.failures < this.#options.limit) return null;
    return Math.ceil((count.until - at) / 1000);
  }

  /** Notes a failure. Returns after how many seconds the address may fail again, or null while it may. */
  note(address: string): number | null {
    const { limit, windowMs, now } = this.#options;
    const at = now();
    let count = this.#counts.get(address);
    if (count === undefined || count.until <= at) {
      count = { failures: 0, until: at + windowMs };
      this.#counts.set(address, count);
    }
    count.failures += 1;
    return count.failures > limit ? Math.ceil((count.until - at) / 1000) : null;
  }
}
