import { DAY_MS } from '../core/time.ts';
import { attemptsKey, type StoredAttempt } from '../redis/attempt-log.ts';
import type { RedisClient } from '../redis/connection/connection.ts';

const EVENT_ID = /^evt_[0-9a-f]{32}$/;
const MAX_ATTEMPTS = 50;
const MAX_ERROR_LENGTH = 500;
const KEEP_S = (30 * DAY_MS) / 1000;

/** Records attempts for `paycools where`, in one round trip that nothing waits for. Errors are ignored. */
export const createAttemptLog =
  (redis: RedisClient, prefix: string) =>
  (eventId: unknown, { error, ...attempt }: StoredAttempt): void => {
    if (typeof eventId !== 'string' || !EVENT_ID.test(eventId)) return;
    const key = attemptsKey(prefix, eventId);
    const entry = JSON.stringify({ ...attempt, error: error?.slice(0, MAX_ERROR_LENGTH) ?? null });
    redis
      .pipeline()
      .rpush(key, entry)
      .ltrim(key, -MAX_ATTEMPTS, -1)
      .expire(key, KEEP_S)
      .exec()
      .catch(() => undefined);
  };
