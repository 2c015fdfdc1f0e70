import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { until } from './until.ts';

/**
 * What a test file must not leave behind: servers and processes. Timers and client sockets are not among it: ioredis, BullMQ
 * and raw sockets of tests keep some after their peer is gone.
 */
const WATCHED = new Set(['TCPServerWrap', 'ProcessWrap', 'StatWatcher']);

const watched = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((name) => WATCHED.has(name))
    .sort();

let before: string[] = [];

/** The keys that no test may write: each has a prefix of its own. */
const foreignKeys = async (): Promise<string[]> => {
  const redis = new Redis(inject('redisUrl'));
  const found: string[] = [];
  for await (const keys of redis.scanStream({ count: 1000 })) {
    found.push(...(keys as string[]).filter((key) => !key.startsWith('test-')));
  }
  await redis.quit();
  return found;
};

beforeAll(() => {
  before = watched();
});

afterAll(async () => {
  expect(await foreignKeys()).toEqual([]);
  const isClean = async (): Promise<boolean> => watched().length <= before.length + 1; // one may still be closing
  await until(isClean, { what: `nothing is left but ${before}, where ${watched()} is`, timeoutMs: 20_000 });
});
