import { randomUUID } from 'node:crypto';
import { DAY_MS } from '../core/time.ts';
import type { RedisClient } from '../redis/connection/connection.ts';
import { loadScript } from '../redis/lua-script.ts';

/** Another worker is running the effect. A later attempt finds it done, or runs it. */
export class InProgressError extends Error {
  override readonly name = 'InProgressError';
}

type OnceOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long an effect may take before another worker may start it again, in milliseconds. */
  readonly leaseMs: number;
};

/** Runs `effect` unless it is recorded as done under this key. Returns whether it ran. */
export type Once = (key: string, effect: () => Promise<void>) => Promise<boolean>;

const DONE = 'done';
/** How long a completed effect is remembered, in milliseconds. */
const REMEMBER_MS = 30 * DAY_MS;

/**
 * Prevents an effect from running twice when an event is delivered twice. If a worker dies between the effect and its
 * mark, the effect runs again: only an effect that is written in the same transaction as its mark (a row with the event's
 * id in your own database) happens exactly once.
 */
export const createOnce = ({ redis, prefix, leaseMs }: OnceOptions): Once => {
  const end = loadScript<number>(redis, 'end-effect');
  return async (key, effect) => {
    const name = `${prefix}:once:${key}`;
    const token = randomUUID();
    const acquired = await redis.set(name, token, 'PX', leaseMs, 'NX');
    if (acquired === null) {
      if ((await redis.get(name)) === DONE) return false;
      throw new InProgressError(`${key} is being handled by another worker`);
    }
    try {
      await effect();
    } catch (error) {
      await end([name], [token, '', 0]);
      throw error;
    }
    await end([name], [token, DONE, REMEMBER_MS]);
    return true;
  };
};
