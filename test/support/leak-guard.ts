import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { until } from './until.ts';

/** Resources that no test file may leave open. */
const WATCHED_EVERYWHERE = ['TCPServerWrap', 'ProcessWrap', 'StatWatcher'];
/** Sockets, and timers that keep a process alive: the folders of STRICT may not leave these open either. */
const WATCHED_WHEN_STRICT = ['TCPSocketWrap', 'TLSWrap', 'Timeout'];
const STRICT =
  /\/test\/(cli|client|console|consumer|forward|http|properties|receive|sandbox|spool|unit|redis\/(endpoints|payment-verification))\b/;

const isStrict = STRICT.test(expect.getState().testPath ?? '');
const watchedNames = new Set([...WATCHED_EVERYWHERE, ...(isStrict ? WATCHED_WHEN_STRICT : [])]);

const openResources = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((name) => watchedNames.has(name))
    .sort();

let before: string[] = [];

/** Keys outside the prefixes of tests. */
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
  before = openResources();
});

afterAll(async () => {
  expect(await foreignKeys()).toEqual([]);
  const isClean = async (): Promise<boolean> => openResources().length <= before.length + 1; // one may still be closing
  await until(isClean, { what: `only [${before}] is open, not [${openResources()}]`, timeoutMs: 20_000 });
});
