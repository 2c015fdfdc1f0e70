import { parseRedisUrl } from '../../src/core/redis-url.ts';
import { connectReader } from '../../src/redis/connection/connection.ts';
import { explainFailure } from '../../src/redis/connection/explain-failure.ts';
import { untilReady } from '../../src/redis/connection/until-ready.ts';

const TIMEOUT_MS = 5000;

/**
 * Checks that the Redis at REDIS_URL can be used.
 *
 * @throws Error that explains why it cannot
 */
export const checkRedis = async (url: string): Promise<void> => {
  const address = parseRedisUrl(url);
  if (!address.ok) throw new Error(`REDIS_URL ${address.error}`);
  const redis = connectReader(address.value, 'paycools-dev');
  try {
    await untilReady(redis, TIMEOUT_MS);
  } catch (error) {
    throw new Error(`The Redis at REDIS_URL cannot be used. ${explainFailure(error).sentence}`);
  } finally {
    redis.disconnect();
  }
};
