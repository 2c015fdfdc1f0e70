import { once } from 'node:events';
import type { RedisClient } from './connection.ts';

/**
 * Waits until a connection can be used.
 *
 * @throws the first error of the connection; an AbortError after `timeoutMs` milliseconds
 */
export const untilReady = async (redis: RedisClient, timeoutMs: number): Promise<void> => {
  if (redis.status !== 'ready') await once(redis, 'ready', { signal: AbortSignal.timeout(timeoutMs) });
};
