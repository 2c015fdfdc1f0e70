import { LRUCache } from 'lru-cache';
import { clientNetworkOf } from '../core/ip-address.ts';

export type FailureLimiterOptions = {
  /** Maximum number of failures of an address in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

type Count = { failures: number; readonly until: number };

/** Maximum number of networks remembered, so that an attacker with many addresses cannot exhaust memory. */
const MAX_NETWORKS = 10_000;

/**
 * Counts failures per IPv4 address or IPv6 /64 network. For callbacks it is consulted only after a verification has failed:
 * a genuine callback is never limited, not even from an address that others abuse.
 */
export class FailureLimiter {
  readonly #options: FailureLimiterOptions;
  readonly #counts: LRUCache<string, Count>;

  constructor(options: FailureLimiterOptions) {
    this.#options = options;
    this.#counts = new LRUCache({ max: MAX_NETWORKS });
  }

  /** Seconds until the address may try again; null if it may now. */
  retryAfter(address: string): number | null {
    const count = this.#counts.get(clientNetworkOf(address));
    const at = this.#options.now();
    if (count === undefined || count.until <= at || count.failures < this.#options.limit) return null;
    return Math.ceil((count.until - at) / 1000);
  }

  /** Records a failure. Returns the seconds until the address may try again, or null until the limit is exceeded. */
  recordFailure(address: string): number | null {
    const { limit, windowMs, now } = this.#options;
    const at = now();
    const network = clientNetworkOf(address);
    let count = this.#counts.get(network);
    if (count === undefined || count.until <= at) {
      count = { failures: 0, until: at + windowMs };
      this.#counts.set(network, count);
    }
    count.failures += 1;
    return count.failures > limit ? Math.ceil((count.until - at) / 1000) : null;
  }
}
