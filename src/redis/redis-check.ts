import type { Redis } from 'ioredis';
import type { ReadinessCheck } from '../receive/ports.ts';
import { createDeadline } from './deadline.ts';

/** Whether Redis answers within the time that a callback may wait for it. */
export const createRedisCheck = (redis: Redis, timeoutMs: number): ReadinessCheck => {
  const deadline = createDeadline(timeoutMs);
  return {
    name: 'redis',
    check: async () => {
      try {
        await deadline.within(redis.ping());
        return null;
      } catch {
        return 'Redis does not answer: check that it runs and that REDIS_URL is right.';
      }
    },
  };
};
