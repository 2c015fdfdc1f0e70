import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { freePort, type RedisServer, startRedis } from '../../scripts/redis-server.ts';

export type OwnRedisOptions = {
  /** Default a free one. */
  readonly port?: number;
  /** More configuration, as on the command line of redis-server. */
  readonly args?: readonly string[];
};

/** A Redis for one test. It can be stopped and then started again with the same data by giving its port. */
export const startOwnRedis = async (options: OwnRedisOptions = {}): Promise<RedisServer> => {
  const { port = await freePort(), args = [] } = options;
  const dataDir = `.data/test-redis-${port}`;
  const redis = await startRedis({ port, dataDir, args, say: () => undefined });
  onTestFinished(async () => {
    await redis[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return redis;
};
