import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dayKeys } from '../../src/redis/index/index-codec.ts';
import { IndexCompactor } from '../../src/redis/index/index-compactor.ts';
import { IndexWriter } from '../../src/redis/index/index-writer.ts';
import { RedisPaymentIndex } from '../../src/redis/index/payment-index.ts';
import { entryFor } from '../support/journal.ts';
import { openNamespace } from '../support/namespace.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();

const fail = (error: unknown): never => {
  throw error;
};

const open = () => {
  const { redis, prefix } = openNamespace();
  const options = { redis, prefix, retentionMs: 2 * DAY_MS };
  const writer = new IndexWriter({ ...options, journalMs: DAY_MS, onSkipped: fail, onError: fail });
  const index = new RedisPaymentIndex({ ...options, merchants: () => ['default'], now: () => NOW });
  /** Its clock is past the day. */
  const compactor = new IndexCompactor({ redis, prefix, now: () => NOW + 2 * DAY_MS, onError: fail });
  onTestFinished(() => compactor[Symbol.dispose]());
  const compact = () => compactor.compact();
  let count = 0;
  /** Indexes one payment per order, with a random transaction id. */
  const write = async (orders: readonly string[]): Promise<void> => {
    for (const mchOrderId of orders) {
      count += 1;
      const body = new TextEncoder().encode(
        JSON.stringify({ mchOrderId, transactionId: `t-${mchOrderId.slice(0, 20)}` }),
      );
      writer.add({ id: `genuine-${NOW}-${count}`, entry: entryFor({ requestId: randomUUID(), body }) });
    }
    await writer.flush();
  };
  const countOf = async (text: string, limit = 10_000): Promise<number> => (await index.find(text, limit)).length;
  const isFound = async (order: string): Promise<boolean> =>
    (await index.find(order, 10)).some(({ isExact }) => isExact);
  const keys = () => redis.keys(`${prefix}:{index:*`);
  const missing = async (orders: readonly string[]): Promise<readonly string[]> => {
    const found = await Promise.all(orders.map(isFound));
    return orders.filter((_, at) => found[at] !== true);
  };
  return { redis, prefix, write, compact, countOf, isFound, missing, keys };
};

const ascending = Array.from({ length: 1500 }, (_, number) => `A${String(number).padStart(6, '0')}`);
const LONG = `Long-${'x'.repeat(100)}`;
/** None begins as the first thousand ascending ones do, which are counted. */
const random = Array.from({ length: 1500 }, () => randomUUID().replace(/^a000/, 'b000'));

describe('blocks of ids', () => {
  it('contain every id, of ascending and of random orders, also of later ones', async () => {
    const { write, compact, countOf, missing } = open();
    await write([...ascending.filter((_, at) => at % 3 > 0), ...random.slice(0, 500)]);
    await compact();
    await write([...ascending, ...random]); // repeats add nothing
    expect(await missing([...ascending, ...random])).toEqual([]);
    await compact();
    expect(await missing([...ascending, ...random])).toEqual([]);
    expect(await countOf('a000')).toBe(1000);
    expect(await countOf('A00012')).toBe(10);
  });

  it('lose no id at any moment while several replicas compact and others write', async () => {
    const { redis, prefix, write, compact, missing } = open();
    await write(random);
    const other = new IndexCompactor({ redis, prefix, now: () => NOW + 2 * DAY_MS, onError: fail });
    onTestFinished(() => other[Symbol.dispose]());
    const late = write(ascending);
    const done = Promise.all([compact(), other.compact(), late]);
    for (let round = 0; round < 5; round += 1) expect(await missing(random)).toEqual([]);
    await done;
    expect(await missing([...random, ...ascending])).toEqual([]);
  });

  it('return at most the requested number of ids, in order, across blocks', async () => {
    const { write, compact, countOf, isFound } = open();
    await write(ascending.toReversed());
    expect(await countOf('a', 300)).toBe(300);
    await compact();
    expect(await countOf('a', 300)).toBe(300);
    expect(await isFound('A000000')).toBe(true);
    expect(await countOf('a9')).toBe(0);
  });

  it('remain small enough for the compact encoding of Redis, and expire with the index', async () => {
    const { redis, write, compact, keys } = open();
    await write([...random, LONG, ...ascending]);
    await compact();
    const ids = (await keys()).filter((key) => /:ids:\d*$/.test(key));
    expect(ids.length).toBeGreaterThan((2 * 3000) / 128);
    expect(ids.length).toBeLessThan(((2 * 3000) / 128) * 1.1); // ids are moved in order, so blocks are full
    const encodings = await Promise.all(ids.map((key) => redis.object('ENCODING', key)));
    expect(new Set(encodings)).toEqual(new Set(['listpack']));
    const lives = await Promise.all((await keys()).map((key) => redis.pttl(key)));
    expect(lives.filter((life) => life <= 0 || life > 3 * DAY_MS)).toEqual([]);
  });

  it('leave long ids where they are, and keep the byte order of Redis, not that of JavaScript', async () => {
    const { write, compact, missing, countOf } = open();
    const orders = [LONG, 'u1', '\uff21', ...Array.from({ length: 300 }, (_, number) => `😀${number}`)];
    await write(orders);
    await compact();
    await write(['😀1500', '\uff22']);
    await compact();
    expect(await missing([...orders, '😀1500', '\uff22'])).toEqual([]);
    expect(await countOf('long-xx')).toBe(1);
  });

  it('take ids of the current day only when there are many, and the rest after the day', async () => {
    const { redis, prefix, write, compact, keys, missing } = open();
    const today = { redis, prefix, now: () => NOW, onError: fail };
    const inBlocks = async () => (await keys()).filter((key) => key.includes(':ids:')).length;
    await write(ascending);
    using patient = new IndexCompactor(today);
    await patient.compact();
    expect(await inBlocks()).toBe(0);
    using eager = new IndexCompactor({ ...today, maxLooseIds: 1000 });
    await eager.compact();
    const some = await inBlocks();
    expect(some).toBeGreaterThan(0);
    await write(random);
    await compact();
    expect(await inBlocks()).toBeGreaterThan(some);
    expect((await keys()).filter((key) => key.endsWith(':recent'))).toEqual([]);
    expect(await missing([...ascending, ...random])).toEqual([]);
  });

  it('are completed by another replica if one stops half-way', async () => {
    const { redis, prefix, write, compact, keys, missing } = open();
    await write([...random, ...ascending]);
    const first = new IndexCompactor({ redis, prefix, now: () => NOW + 2 * DAY_MS, onError: fail });
    const ended = first.compact();
    first[Symbol.dispose]();
    await ended;
    const recent = (await keys()).find((key) => key.endsWith(':recent')) ?? '';
    expect(await redis.zcard(recent)).toBeGreaterThan(0);
    await compact();
    expect(await redis.exists(recent)).toBe(0);
    expect(await missing([...random, ...ascending])).toEqual([]);
  });
});

it('the hashes of a day have distinct keys', () => {
  const { bucket, requests } = dayKeys('paycools', 'default', '2026-11-26');
  const names = Array.from({ length: 1024 }, (_, number) => number.toString(36));
  expect(new Set(names.flatMap((name) => [bucket(name), requests(name)])).size).toBe(2048);
});
