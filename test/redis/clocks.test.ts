import { expect, test } from 'vitest';
import { DAY_MS } from '../../src/core/time.ts';
import type { IndexedSubject } from '../../src/receive/ports.ts';
import { RedisLedger } from '../../src/redis/ledger/redis-ledger.ts';
import { RedisRunStore } from '../../src/redis/reconcile/run-store.ts';
import { openNamespace } from '../support/namespace.ts';

const subjectOf = (id: string) => ({ kind: 'transaction', id }) as const;

const pending = (id: string): IndexedSubject => ({
  merchant: 'default',
  subject: subjectOf(id),
  product: 'payout',
  day: '2026-05-02',
  isOpen: true,
});

test('a receiver with a wrong clock does not remove open subjects that others added', async () => {
  const { redis, prefix } = openNamespace();
  const ledger = new RedisLedger({ redis, prefix, retentionMs: 30 * DAY_MS, families: [] });
  for (const id of ['D1', 'D2', 'D3']) await ledger.index(pending(id));
  const { subjects } = await ledger.open('default', null);
  expect(subjects.map(({ id }) => id).toSorted()).toEqual(['D1', 'D2', 'D3']);
});

test('an open subject is removed if it is not added again within the retention', async () => {
  const { redis, prefix } = openNamespace();
  const ledger = new RedisLedger({ redis, prefix, retentionMs: 30 * DAY_MS, families: [] });
  await redis.zadd(`${prefix}:ledger-open:default`, Date.now() - 31 * DAY_MS, 'transaction:D1');
  await ledger.index(pending('D2'));
  const { subjects } = await ledger.open('default', null);
  expect(subjects).toEqual([subjectOf('D2')]);
});

test('a process whose clock is 100 days ahead does not remove absent subjects that others recorded', async () => {
  const { redis, prefix } = openNamespace();
  const store = new RedisRunStore({ redis, prefix });
  const now = Date.now();
  await store.recordAbsent('default', subjectOf('D1'), now);
  await store.recordAbsent('default', subjectOf('D2'), now + 100 * DAY_MS);
  expect(await store.recordAbsent('default', subjectOf('D1'), now + 5000)).toBe(now);
});
