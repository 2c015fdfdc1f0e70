import { expect, test } from 'vitest';
import { DAY_MS } from '../../src/core/time.ts';
import type { Observation } from '../../src/receive/ports.ts';
import { RedisLedger } from '../../src/redis/ledger/redis-ledger.ts';
import { RedisRunStore } from '../../src/redis/reconcile/run-store.ts';
import { openNamespace } from '../support/namespace.ts';

const subjectOf = (id: string) => ({ kind: 'transaction', id }) as const;

const pending = (id: string, at: number): Observation => ({
  merchant: 'default',
  subject: subjectOf(id),
  product: 'payout',
  statement: { status: 'pending', amount: null, merchantOrderId: null, channelCode: null },
  origin: 'callback',
  at,
  day: '2026-05-02',
});

test.each([
  ['ahead', 45],
  ['behind', -45],
])(
  'a receiver whose clock is 45 days %s takes nothing out of what others noted as pending',
  async (_direction, days) => {
    const { redis, prefix } = openNamespace();
    const ledger = new RedisLedger({ redis, prefix, retentionMs: 30 * DAY_MS });
    const now = Date.now();
    await ledger.markDelivered(pending('D1', now));
    await ledger.markDelivered(pending('D2', now + days * DAY_MS));
    await ledger.markDelivered(pending('D3', now));
    const { subjects } = await ledger.open('default', null);
    expect(subjects.map(({ id }) => id).toSorted()).toEqual(['D1', 'D2', 'D3']);
  },
);

test('a pending subject that nobody noted again within the retention is forgotten', async () => {
  const { redis, prefix } = openNamespace();
  const ledger = new RedisLedger({ redis, prefix, retentionMs: 30 * DAY_MS });
  await redis.zadd(`${prefix}:ledger-open:default`, Date.now() - 31 * DAY_MS, 'transaction:D1');
  await ledger.markDelivered(pending('D2', Date.now()));
  const { subjects } = await ledger.open('default', null);
  expect(subjects).toEqual([subjectOf('D2')]);
});

test('a process whose clock is 100 days ahead forgets nothing that others noted as unknown to PayCools', async () => {
  const { redis, prefix } = openNamespace();
  const store = new RedisRunStore({ redis, prefix });
  const now = Date.now();
  await store.noteAbsent('default', subjectOf('D1'), now);
  await store.noteAbsent('default', subjectOf('D2'), now + 100 * DAY_MS);
  expect(await store.noteAbsent('default', subjectOf('D1'), now + 5000)).toBe(now);
});
