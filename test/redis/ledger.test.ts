import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/core/event.ts';
import { amountOf } from '../../src/core/money.ts';
import type { Observation, SubjectPage } from '../../src/receive/ports.ts';
import { RedisLedger } from '../../src/redis/ledger/redis-ledger.ts';
import { openNamespace } from '../support/namespace.ts';

const openLedger = () => {
  const { redis, prefix } = openNamespace();
  return { redis, prefix, ledger: new RedisLedger({ redis, prefix, retentionMs: 60_000 }) };
};

const observed = (id: string, status: Status = 'succeeded', day = '2026-05-02'): Observation => ({
  merchant: 'default',
  subject: { kind: 'transaction', id },
  product: 'payout',
  statement: { status, amount: amountOf(1000, 'PHP'), merchantOrderId: 'M', channelCode: null },
  origin: 'callback',
  at: 1000,
  day,
});

/** Every subject that the pages bring, each once. */
const all = async (read: (cursor: string | null) => Promise<SubjectPage>): Promise<string[]> => {
  const found = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: SubjectPage = await read(cursor);
    for (const { id } of page.subjects) found.add(id);
    cursor = page.next;
  } while (cursor !== null);
  return [...found].sort();
};

describe('the ledger', () => {
  it('takes marks and observations together, each for its own subject', async () => {
    const { ledger } = openLedger();
    await Promise.all(['D1', 'D2'].map((id) => ledger.observe(observed(id))));
    const [again, other] = await Promise.all([
      ledger.observe(observed('D2')),
      ledger.observe(observed('D3')),
      ledger.markDelivered(observed('D1')),
      ledger.markDelivered(observed('D4')),
    ]);
    expect([again.sightings.size, other.sightings.get('succeeded')?.ordinal]).toEqual([1, 1]);
    const entries = await ledger.find(
      'default',
      ['D1', 'D2', 'D3', 'D4'].map((id) => observed(id).subject),
    );
    expect(entries.map((entry) => entry?.sightings.get('succeeded')?.isDelivered ?? null)).toEqual([
      true,
      false,
      false,
      null,
    ]);
  });

  it('returns what it knows of subjects, in their order', async () => {
    const { ledger } = openLedger();
    await ledger.observe(observed('D1'));
    await ledger.markDelivered(observed('D1'));
    const [unknown, entry] = await ledger.find('default', [{ kind: 'refund', id: 'D1' }, observed('D1').subject]);
    expect(unknown).toBeNull();
    expect(entry?.product).toBe('payout');
    expect(entry?.sightings.get('succeeded')).toMatchObject({ isDelivered: true, origin: 'callback', at: 1000 });
  });

  it('finds subjects by merchant and day, page by page, each day for itself', async () => {
    const { ledger } = openLedger();
    const ids = Array.from({ length: 1500 }, (_, index) => `D${10_000 + index}`);
    for (const id of ids) await ledger.markDelivered(observed(id));
    await ledger.markDelivered(observed('D9', 'succeeded', '2026-05-03'));
    expect(await all((cursor) => ledger.ofDay('default', '2026-05-02', cursor))).toEqual(ids);
    expect(await all((cursor) => ledger.ofDay('default', '2026-05-03', cursor))).toEqual(['D9']);
    expect(await all((cursor) => ledger.ofDay('other', '2026-05-03', cursor))).toEqual([]);
    const first = await ledger.ofDay('default', '2026-05-02', null);
    expect(first.subjects.length).toBeLessThan(1000);
  });

  it('finds what is pending until it is closed', async () => {
    const { ledger } = openLedger();
    await ledger.markDelivered(observed('D1', 'pending'));
    await ledger.markDelivered(observed('D2', 'pending'));
    await ledger.markDelivered(observed('D3', 'succeeded'));
    expect(await all((cursor) => ledger.open('default', cursor))).toEqual(['D1', 'D2']);
    await ledger.close('default', [observed('D1').subject]);
    expect(await all((cursor) => ledger.open('default', cursor))).toEqual(['D2']);
  });

  it('forgets a day when the retention is over', async () => {
    const { ledger, redis, prefix } = openLedger();
    await ledger.markDelivered(observed('D1', 'pending'));
    const keys = [`${prefix}:ledger-day:default:2026-05-02`, `${prefix}:ledger-open:default`];
    const left = await Promise.all(keys.map((key) => redis.pttl(key)));
    expect(left.every((ms) => ms > 0 && ms <= 60_000)).toBe(true);
  });
});
