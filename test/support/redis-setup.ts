import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { startRedis } from '../../scripts/redis-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis that all tests share, each with its own prefix. */
    redisUrl: string;
  }
}

/** Starts one real Redis for the whole run. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const dataDir = `.data/test-${process.pid}`;
  const redis = await startRedis({ dataDir, say: (sentence) => process.stderr.write(`${sentence}\n`) });
  project.provide('redisUrl', redis.url);
  return async () => {
    await redis[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  };
};
