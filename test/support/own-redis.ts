import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../../scripts/redis-server.ts';

/** A Redis of the test's own, which it may stop and start again on the same port with the same data. */
export const startOwnRedis = async (port: number): Promise<RedisServer> => {
  const dataDir = `.data/test-outage-${port}`;
  const redis = await startRedis({ port, dataDir, say: () => undefined });
  onTestFinished(async () => {
    await redis[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return redis;
};
