import { randomUUID } from 'node:crypto';
import type { Lease, RunLock } from '../../reconcile/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createScript, type Script } from '../lua-script.ts';

// Both change the lock only while it is still ours: it may have expired and be held by another one.
const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

type Scripts = { readonly renew: Script<number>; readonly release: Script<number> };

export type RedisRunLockOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long a lock outlives a holder that died, in milliseconds. */
  readonly ttlMs?: number;
};

const TTL_MS = 30_000;
const RENEWALS = 3; // within one time to live, so that a failed renewal costs nothing

type Held = { readonly key: string; readonly token: string; readonly ttlMs: number };

/** Renews the lock until it is released or lost. While Redis is away it is ours until it expires. */
const hold = ({ renew, release }: Scripts, { key, token, ttlMs }: Held): Lease => {
  const lost = new AbortController();
  let good = performance.now();
  const timer = setInterval(async () => {
    const asked = performance.now();
    const isOurs = await renew([key], [token, ttlMs]).catch(() => null);
    if (isOurs === 1) good = asked;
    if (isOurs === 0 || performance.now() - good > ttlMs)
      lost.abort(new Error('the lock of the reconciliation is lost'));
  }, ttlMs / RENEWALS).unref();
  return {
    signal: lost.signal,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await release([key], [token]).catch(() => undefined); // else it expires
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
    this.#scripts = { renew: createScript(redis, RENEW), release: createScript(redis, RELEASE) };
  }

  async acquire(merchant: string): Promise<Lease | null> {
    const { redis, prefix, ttlMs = TTL_MS } = this.#options;
    const key = `${prefix}:reconcile:{${merchant}}:lock`;
    const token = randomUUID();
    const isFirst = await redis.set(key, token, 'PX', ttlMs, 'NX');
    return isFirst === null ? null : hold(this.#scripts, { key, token, ttlMs });
  }
}
