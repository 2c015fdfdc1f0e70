import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connection/connection.ts';
import { loadScript } from '../redis/lua-script.ts';

/** Another worker is running the effect; a later attempt finds out how that ended. */
export class InProgressError extends Error {
  override readonly name = 'InProgressError';
}

export type OnceOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long an effect may take before another worker may start it again, in milliseconds. */
  readonly leaseMs: number;
  /** How long a finished effect is remembered, in milliseconds. */
  readonly rememberMs: number;
};

/** Runs `effect` unless it is recorded as done under this key. Returns whether it ran. */
export type Once = (key: string, effect: () => Promise<void>) => Promise<boolean>;

const DONE = 'done';

/**
 * Prevents an effect from happening twice when an event is delivered twice, as far as is possible from outside the
 * effect: after a worker dies between the effect and the mark, the effect happens again. Only an effect that is written
 * in the same transaction as its mark (a row with the event's id in your own database) happens exactly once.
 */
export const createOnce = ({ redis, prefix, leaseMs, rememberMs }: OnceOptions): Once => {
  const end = loadScript<number>(redis, 'end-effect');
  return async (key, effect) => {
    const name = `${prefix}:once:${key}`;
    const token = randomUUID();
    const isOurs = await redis.set(name, token, 'PX', leaseMs, 'NX');
    if (isOurs === null) {
      if ((await redis.get(name)) === DONE) return false;
      throw new InProgressError(`${key} is being handled by another worker`);
    }
    try {
      await effect();
    } catch (error) {
      await end([name], [token, '', 0]);
      throw error;
    }
    await end([name], [token, DONE, rememberMs]);
    return true;
  };
};
