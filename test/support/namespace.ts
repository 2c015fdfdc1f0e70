import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject, onTestFailed, onTestFinished } from 'vitest';

/** A prefix of the shared Redis that belongs to one test. Its keys are removed when the test passes. */
export type Namespace = { readonly prefix: string; readonly url: string; readonly redis: Redis };

const removeKeys = async (redis: Redis, prefix: string): Promise<void> => {
  for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(keys as string[]);
  }
};

/** Opens a namespace for the test that calls it. */
export const openNamespace = (): Namespace => {
  const prefix = `test-${randomUUID()}`;
  const url = inject('redisUrl');
  const redis = new Redis(url);
  let hasFailed = false;
  onTestFailed(() => {
    hasFailed = true;
    process.stderr.write(`the keys of the failed test are kept under ${prefix}\n`);
  });
  onTestFinished(async () => {
    if (!hasFailed) await removeKeys(redis, prefix);
    redis.disconnect();
  });
  return { prefix, url, redis };
};
