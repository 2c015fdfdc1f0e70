import { expect, it, test } from 'vitest';
import type { AnyEvent } from '../../src/core/event.ts';
import { emptyHistory } from '../../src/receive/history.ts';
import { RedisLedger } from '../../src/redis/ledger/redis-ledger.ts';
import { createAddEvents, type NewJob } from '../../src/redis/queue/add-events.ts';
import { openNamespace } from '../support/namespace.ts';

const TTL_MS = 60_000;

const jobOf = (queue: string, letter: string): NewJob => ({
  queue,
  jobId: `job-${letter}`,
  event: { id: `evt_${letter}`, type: 'com.paycools.payout.succeeded', data: {} } as unknown as AnyEvent,
});

const openAdd = () => {
  const { redis, prefix } = openNamespace();
  const addEvents = createAddEvents(redis, prefix, TTL_MS);
  return { redis, prefix, add: async (jobs: readonly NewJob[]) => (await addEvents(jobs)).answers };
};

const WRONG_TYPE = expect.objectContaining({ message: expect.stringContaining('WRONGTYPE') });

test('a deduplication key of the wrong type fails its own job only, and is left unchanged', async () => {
  const { redis, prefix, add } = openAdd();
  await redis.hset(`${prefix}:{q}:de:evt_b`, 'foreign', 'value');
  expect(await add(['a', 'b', 'c'].map((it) => jobOf('{q}', it)))).toEqual(['added', WRONG_TYPE, 'added']);
  expect(await redis.lrange(`${prefix}:{q}:wait`, 0, -1)).toEqual(['job-c', 'job-a']);
  expect(await redis.exists(`${prefix}:{q}:job-b`)).toBe(0);
  expect(await redis.hgetall(`${prefix}:{q}:de:evt_b`)).toEqual({ foreign: 'value' });
});

test.each(['wait', 'meta', 'id', 'active', 'events', 'marker'])(
  'a queue whose key %s has the wrong type fails alone, leaves no job behind, and works once the key is repaired',
  async (name) => {
    const { redis, prefix, add } = openAdd();
    await redis.hset(`${prefix}:{bad}:meta`, 'concurrency', 5);
    const broken = `${prefix}:{bad}:${name}`;
    await redis.del(broken);
    await redis.sadd(broken, 'foreign');
    const jobs = [jobOf('{bad}', 'a'), jobOf('{good}', 'b'), jobOf('{bad}', 'c')];
    expect(await add(jobs)).toEqual([WRONG_TYPE, 'added', WRONG_TYPE]);
    const left = (await redis.keys(`${prefix}:{bad}:*`)).filter((key) => /:(de:.*|job-.)$/.test(key));
    expect(left).toEqual([]);
    await redis.del(broken);
    expect(await add(jobs)).toEqual(['added', 'duplicate', 'added']);
    expect(await redis.lrange(`${prefix}:{bad}:wait`, 0, -1)).toEqual(['job-c', 'job-a']);
  },
);

it.each([
  ['has the wrong type', (key: string) => ['hset', key, 'field', 'text']],
  ['has an unreadable history', (key: string) => ['set', key, 'garbage']],
])('a subject in the ledger that %s fails alone', async (_name, spoil) => {
  const { redis, prefix } = openNamespace();
  const ledger = new RedisLedger({ redis, prefix, retentionMs: TTL_MS, families: [] });
  const [command = '', ...args] = spoil(`${prefix}:ledger:default:transaction:D2`);
  await redis.call(command, ...args);
  const [first, second, third] = await Promise.allSettled(
    ['D1', 'D2', 'D3'].map((id) =>
      ledger.replace({ merchant: 'default', subject: { kind: 'transaction', id } }, null, emptyHistory),
    ),
  );
  expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
