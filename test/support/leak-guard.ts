import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { until } from './until.ts';

/** What no test file may leave behind. */
const EVERYWHERE = ['TCPServerWrap', 'ProcessWrap', 'StatWatcher'];
/** What most may not leave behind either: sockets, and timers that would keep a process from ending. */
const MOSTLY = ['TCPSocketWrap', 'TLSWrap', 'Timeout'];
const MOST =
  /\/test\/(cli|client|console|consumer|forward|http|properties|receive|sandbox|spool|unit|redis\/(endpoints|payment-verification))\b/;

const isStrict = MOST.test(expect.getState().testPath ?? '');
const WATCHED = new Set([...EVERYWHERE, ...(isStrict ? MOSTLY : [])]);

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
