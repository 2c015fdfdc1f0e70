import { randomUUID } from 'node:crypto';
import type { Lease, RunLock } from '../../reconcile/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, type Script } from '../lua-script.ts';

type Scripts = { readonly renew: Script<number>; readonly release: Script<number> };

export type RedisRunLockOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long a lock outlives a killed holder, in milliseconds. Default 30,000. */
  readonly ttlMs?: number;
};

const TTL_MS = 30_000;
/** Renewals per time to live, so that a single failure does not lose the lock. */
const RENEWALS = 3;

type Lock = { readonly key: string; readonly token: string; readonly ttlMs: number };

/** Renews a lock until it is released or lost. While Redis is unavailable, it counts as held until it expires. */
const hold = ({ renew, release }: Scripts, { key, token, ttlMs }: Lock): Lease => {
  const lost = new AbortController();
  let heldSince = performance.now();
  const timer = setInterval(async () => {
    const sentAt = performance.now();
    const isOurs = await renew([key], [token, ttlMs]).catch(() => null);
    if (isOurs === 1) heldSince = sentAt;
    if (isOurs === 0 || performance.now() - heldSince > ttlMs) {
      lost.abort(new Error('the reconciliation lost its lock'));
    }
  }, ttlMs / RENEWALS).unref();
  return {
    signal: lost.signal,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await release([key], [token]).catch(() => undefined); // otherwise it expires
    },
  };
};

/** A {@link RunLock} in Redis: a key with a token and an expiry. */
export class RedisRunLock implements RunLock {
  readonly #options: RedisRunLockOptions;
  readonly #scripts: Scripts;

  constructor(options: RedisRunLockOptions) {
    this.#options = options;
    const { redis } = options;
    this.#scripts = {
      renew: loadScript(redis, 'renew-lock'),
      release: loadScript(redis, 'release-lock'),
    };
  }

  async acquire(merchant: string): Promise<Lease | null> {
    const { redis, prefix, ttlMs = TTL_MS } = this.#options;
    const key = `${prefix}:reconcile:{${merchant}}:lock`;
    const token = randomUUID();
    const isFirst = await redis.set(key, token, 'PX', ttlMs, 'NX');
    return isFirst === null ? null : hold(this.#scripts, { key, token, ttlMs });
  }
}
