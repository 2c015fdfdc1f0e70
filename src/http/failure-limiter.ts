import { LRUCache } from 'lru-cache';
import { subscriberOf } from '../core/ip-address.ts';

export type FailureLimiterOptions = {
  /** Maximum number of failures of an address in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

type Count = { failures: number; readonly until: number };

/** Maximum number of subscribers remembered, so that an attacker with many addresses cannot fill the memory. */
const MAX_SUBSCRIBERS = 10_000;

/**
 * Counts failures per IPv4 address or IPv6 /64 network. For callbacks it is consulted only after a verification failed:
 * a genuine callback is never limited, not even from an address that others abuse.
 */
export class FailureLimiter {
  readonly #options: FailureLimiterOptions;
  readonly #counts: LRUCache<string, Count>;

  constructor(options: FailureLimiterOptions) {
    this.#options = options;
    this.#counts = new LRUCache({ max: MAX_SUBSCRIBERS });
  }

  /** Seconds until the address may try again; null if it may now. */
  retryAfter(address: string): number | null {
    const count = this.#counts.get(subscriberOf(address));
    const at = this.#options.now();
    if (count === undefined || count.until <= at || count.failures < this.#options.limit) return null;
    return Math.ceil((count.until - at) / 1000);
  }

  /** Records a failure. Returns the seconds until the address may try again, or null while it is below the limit. */
  recordFailure(address: string): number | null {
    const { limit, windowMs, now } = this.#options;
    const at = now();
    const subscriber = subscriberOf(address);
    let count = this.#counts.get(subscriber);
    if (count === undefined || count.until <= at) {
      count = { failures: 0, until: at + windowMs };
      this.#counts.set(subscriber, count);
    }
    count.failures += 1;
    return count.failures > limit ? Math.ceil((count.until - at) / 1000) : null;
  }
}
