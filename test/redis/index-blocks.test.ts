import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keysOfDay } from '../../src/redis/index/index-codec.ts';
import { IndexWriter } from '../../src/redis/index/index-writer.ts';
import { RedisPaymentIndex } from '../../src/redis/index/payment-index.ts';
import { noteOf } from '../support/journal.ts';
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
  let count = 0;
  /** Indexes one payment for each order, under a random transaction. */
  const write = async (orders: readonly string[]): Promise<void> => {
    for (const mchOrderId of orders) {
      count += 1;
      const body = new TextEncoder().encode(
        JSON.stringify({ mchOrderId, transactionId: `t-${mchOrderId.slice(0, 20)}` }),
      );
      writer.note({ id: `genuine-${NOW}-${count}`, note: noteOf({ requestId: randomUUID(), body }) });
    }
    await writer.flush();
  };
  const countOf = async (text: string, limit = 10_000): Promise<number> => (await index.find(text, limit)).length;
  const isFound = async (order: string): Promise<boolean> =>
    (await index.find(order, 10)).some(({ isExact }) => isExact);
  const keys = () => redis.keys(`${prefix}:{index:*`);
  return { redis, write, countOf, isFound, keys };
};

const ascending = Array.from({ length: 1500 }, (_, number) => `A${String(number).padStart(6, '0')}`);
const LONG = `Long-${'x'.repeat(100)}`;
const random = Array.from({ length: 1500 }, () => randomUUID());

describe('blocks of ids', () => {
  it('hold every id, whether orders ascend or are random', async () => {
    const { write, countOf, isFound } = open();
    await write(ascending);
    await write(random);
    await write(ascending); // repeats add nothing
    expect(await countOf('a000')).toBe(1000);
    expect(await countOf('A00012')).toBe(10);
    const missing = (order: string): Promise<boolean> => isFound(order).then((found) => !found);
    const flags = await Promise.all([...ascending, ...random].map(missing));
    expect(flags.filter(Boolean)).toHaveLength(0);
  });

  it('answer no more than asked for, in order, across blocks', async () => {
    const { write, countOf, isFound } = open();
    await write(ascending.toReversed());
    expect(await countOf('a', 300)).toBe(300);
    expect(await isFound('A000000')).toBe(true);
    expect(await countOf('a9')).toBe(0);
  });

  it('stay as small as Redis keeps compact, and end with the time that an id is found', async () => {
    const { redis, write, keys } = open();
    await write([...random, LONG, ...ascending]);
    const ids = (await keys()).filter((key) => /:ids:\d*$/.test(key));
    expect(ids.length).toBeGreaterThan((2 * 3000) / 128);
    const encodings = await Promise.all(ids.map((key) => redis.object('ENCODING', key)));
    expect(new Set(encodings)).toEqual(new Set(['listpack']));
    const lives = await Promise.all((await keys()).map((key) => redis.pttl(key)));
    expect(lives.filter((life) => life <= 0 || life > 3 * DAY_MS)).toEqual([]);
  });

  it('leave long ids, and those whose order JavaScript and Redis see differently, to a set of their own', async () => {
    const { write, isFound, countOf } = open();
    await write([LONG, ...Array.from({ length: 300 }, (_, number) => `😀${number}`)]);
    await write(['u1', '😀1500', '\uff21']); // sorted by JavaScript, the one in the middle would be in another block
    for (const order of [LONG, 'u1', '😀1500', '\uff21']) expect([order, await isFound(order)]).toEqual([order, true]);
    expect(await countOf('long-xx')).toBe(1);
  });
});

it('no two hashes of a day share a key', () => {
  const { bucket, requests } = keysOfDay('paycools', 'default', '2026-11-26');
  const names = Array.from({ length: 1024 }, (_, number) => number.toString(36));
  expect(new Set(names.flatMap((name) => [bucket(name), requests(name)])).size).toBe(2048);
});
