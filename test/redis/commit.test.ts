import { Queue } from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PaymentEvent } from '../../src/core/event.ts';
import { eventJobOptions } from '../../src/core/queues.ts';
import type { History } from '../../src/receive/history.ts';
import type { EventWithHistory } from '../../src/receive/ports.ts';
import { openEventStore } from '../../src/redis/open-event-store.ts';
import { openNamespace } from '../support/namespace.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const subjectOf = (id: string) => ({ kind: 'transaction', id });

const historyOf = (status: 'pending' | 'succeeded'): History => {
  const moment = { completedAt: null, createdAt: null, receivedAt: 1 };
  const statement = { status, amount: null, merchantOrderId: null, channelCode: null };
  const sighting = { statement, repeatedAt: null, first: moment, last: moment, origin: 'callback', isDelivered: true };
  return { product: 'payout', sightings: [sighting as History['sightings'][number]], refuted: [] };
};

const eventOf = (id: string): PaymentEvent =>
  ({ id: `evt_${id}`, type: 'com.paycools.payout.succeeded', data: { product: 'payout' } }) as unknown as PaymentEvent;

const newEvent = (id: string, change: Partial<EventWithHistory> = {}): EventWithHistory => ({
  merchant: 'default',
  subject: subjectOf(id),
  product: 'payout',
  day: '2026-05-02',
  isOpen: false,
  event: eventOf(id),
  before: null,
  after: historyOf('succeeded'),
  isKnown: false,
  ...change,
});

const openStore = () => {
  const { redis, prefix } = openNamespace();
  const { ledger, commit } = openEventStore({ redis, prefix, deduplicationMs: 30 * DAY_MS, families: [] });
  if (commit === null) throw new Error('one Redis stores in one step');
  const waiting = () => redis.lrange(`${prefix}:{payout}:wait`, 0, -1);
  const keys = async () => (await redis.keys(`${prefix}:*`)).map((key) => key.slice(prefix.length + 1)).sort();
  return { redis, prefix, ledger, commit, waiting, keys };
};

const WRONG_TYPE = expect.objectContaining({ message: expect.stringContaining('WRONGTYPE') });

describe('an event and the history of its subject', () => {
  it('are written together, with the day and without a deduplication key', async () => {
    const { ledger, commit, waiting, keys } = openStore();
    expect(await commit(newEvent('D1'))).toEqual({ added: 'added' });
    expect(await waiting()).toHaveLength(1);
    expect((await ledger.read({ merchant: 'default', subject: subjectOf('D1') }))?.history).toEqual(
      historyOf('succeeded'),
    );
    expect(await ledger.ofDay('default', '2026-05-02', null)).toEqual({ subjects: [subjectOf('D1')], next: null });
    expect((await keys()).filter((key) => key.includes(':de:'))).toEqual([]);
  });

  it('are not written if the stored history is another one, which is returned', async () => {
    const { commit, waiting } = openStore();
    await commit(newEvent('D1', { after: historyOf('pending') }));
    const second = await commit(newEvent('D1'));
    expect(second).toMatchObject({ current: { history: historyOf('pending') } });
    expect(await waiting()).toHaveLength(1);
    const { current } = second as { current: NonNullable<EventWithHistory['before']> };
    expect(await commit(newEvent('D1', { before: current, event: eventOf('D1-again') }))).toEqual({ added: 'added' });
  });

  it('are stored once when the same event arrives many times at once', async () => {
    const { commit, waiting } = openStore();
    const results = await Promise.all(Array.from({ length: 200 }, () => commit(newEvent('D1'))));
    expect(results.filter((it) => it !== null && 'added' in it)).toEqual([{ added: 'added' }]);
    expect(await waiting()).toHaveLength(1);
  });

  it('are listed as open while the subject is pending', async () => {
    const { commit, ledger } = openStore();
    await commit(newEvent('D1', { isOpen: true }));
    await commit(newEvent('D2'));
    expect(await ledger.open('default', null)).toEqual({ subjects: [subjectOf('D1')], next: null });
  });

  it.each(['wait', 'meta', 'id', 'active', 'events', 'marker'])(
    "leave nothing behind if the queue's key %s has the wrong type, and are stored once it is repaired",
    async (name) => {
      const { redis, prefix, commit, waiting, keys } = openStore();
      await redis.hset(`${prefix}:{payout}:meta`, 'concurrency', 5);
      const broken = `${prefix}:{payout}:${name}`;
      await redis.del(broken);
      await redis.sadd(broken, 'foreign');
      const results = await Promise.allSettled(['D1', 'D2'].map((id) => commit(newEvent(id))));
      expect(results).toEqual([1, 2].map(() => ({ status: 'rejected', reason: WRONG_TYPE })));
      expect((await keys()).filter((key) => /ledger|evt_/.test(key))).toEqual([]);
      await redis.del(broken);
      expect(await commit(newEvent('D1'))).toEqual({ added: 'added' });
      expect(await waiting()).toHaveLength(1);
    },
  );

  it('restore the previous history when the queue refuses the event', async () => {
    const { redis, prefix, commit, ledger } = openStore();
    await commit(newEvent('D1', { after: historyOf('pending') }));
    const before = await ledger.read({ merchant: 'default', subject: subjectOf('D1') });
    await redis.del(`${prefix}:{payout}:wait`);
    await redis.sadd(`${prefix}:{payout}:wait`, 'foreign');
    await expect(commit(newEvent('D1', { before, event: eventOf('D1-again') }))).rejects.toEqual(WRONG_TYPE);
    expect(await ledger.read({ merchant: 'default', subject: subjectOf('D1') })).toEqual(before);
  });

  it('are a duplicate if the job exists although the history has expired', async () => {
    const { redis, prefix, commit, waiting } = openStore();
    await commit(newEvent('D1'));
    await redis.del(`${prefix}:ledger:default:transaction:D1`);
    expect(await commit(newEvent('D1'))).toEqual({ added: 'duplicate' });
    expect(await waiting()).toEqual(['evt_D1']);
  });

  it('are refused if a foreign value has the key of the job, which is left unchanged', async () => {
    const { redis, prefix, commit, waiting } = openStore();
    await redis.set(`${prefix}:{payout}:evt_D1`, 'foreign');
    await expect(commit(newEvent('D1'))).rejects.toEqual(WRONG_TYPE);
    expect(await waiting()).toEqual([]);
    expect(await redis.get(`${prefix}:{payout}:evt_D1`)).toBe('foreign');
  });

  it("are stored even if the key of the subject's day has the wrong type", async () => {
    const { redis, prefix, commit, waiting } = openStore();
    await redis.set(`${prefix}:ledger-day:default:2026-05-02`, 'foreign');
    expect(await commit(newEvent('D1'))).toEqual({ added: 'added' });
    expect(await waiting()).toHaveLength(1);
  });
});

describe('an event that another replica may have put on its queue', () => {
  it('is a duplicate by its deduplication key, and its history is written', async () => {
    const { redis, prefix, commit, ledger, waiting } = openStore();
    await redis.set(`${prefix}:{payout}:de:evt_D1`, 'job-of-another');
    await redis.pexpire(`${prefix}:{payout}:de:evt_D1`, DAY_MS);
    expect(await commit(newEvent('D1', { isKnown: true }))).toEqual({ added: 'duplicate' });
    expect(await waiting()).toEqual([]);
    expect(await ledger.read({ merchant: 'default', subject: subjectOf('D1') })).not.toBeNull();
  });

  it('is a duplicate by its deduplication key if the ledger has an entry of version 0.1', async () => {
    const { redis, prefix, commit, waiting } = openStore();
    await redis.hset(`${prefix}:ledger:default:transaction:D1`, 'product', 'payout');
    await redis.set(`${prefix}:{payout}:de:evt_D1`, 'job-of-version-0.1', 'PX', DAY_MS);
    expect(await commit(newEvent('D1'))).toEqual({ added: 'duplicate' });
    expect(await waiting()).toEqual([]);
  });
});

it('adds the same job as queue.add without deduplication', async () => {
  const { redis, prefix, commit, waiting } = openStore();
  const theirs = new Queue('{theirs}', { connection: redis, prefix, skipVersionCheck: true });
  onTestFinished(() => theirs.close());
  await commit(newEvent('D1'));
  const [jobId = ''] = await waiting();
  const event = eventOf('D1');
  await theirs.add(event.type, event, { ...eventJobOptions, jobId });
  const [ours, expected] = await Promise.all(
    ['payout', 'theirs'].map(async (queue) => {
      const { timestamp: _, opts = '', ...rest } = await redis.hgetall(`${prefix}:{${queue}}:${jobId}`);
      return { ...rest, opts: JSON.parse(opts) };
    }),
  );
  expect(ours).toEqual(expected);
});
