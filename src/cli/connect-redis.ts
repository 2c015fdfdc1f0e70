import type { RedisAddress } from '../core/redis-url.ts';
import { connectReader, type RedisClient } from '../redis/connection/connection.ts';
import { explainUnreachable } from '../redis/connection/explain-unreachable.ts';
import { untilReady } from '../redis/connection/until-ready.ts';
import { CommandError } from './io.ts';

/** How long Redis may take to answer, in milliseconds. */
const CONNECT_MS = 5000;

/** Fails the command with the same explanation of the cause that the doctor and the service give. */
export const failUnreachable =
  (address: RedisAddress) =>
  async (error: unknown): Promise<never> => {
    throw new CommandError((await explainUnreachable(error, address)).sentence);
  };

/**
 * Connects to Redis; the stack closes the connection.
 *
 * @throws CommandError if Redis does not answer
 */
export const connectRedis = async (stack: AsyncDisposableStack, address: RedisAddress): Promise<RedisClient> => {
  const redis = connectReader(address, 'paycools-cli');
  stack.defer(() => redis.disconnect());
  redis.on('error', () => undefined);
  await untilReady(redis, CONNECT_MS).catch(failUnreachable(address));
  return redis;
};
