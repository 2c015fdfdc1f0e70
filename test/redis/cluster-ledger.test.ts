import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/time.ts';
import type { IndexedSubject, SubjectPage } from '../../src/receive/ports.ts';
import { RedisLedger } from '../../src/redis/ledger/redis-ledger.ts';
import { useCluster } from '../support/shared-cluster.ts';

const FAMILIES = ['payout', 'qr-code', 'refund'];
const DAY = '2026-05-02';

const { open } = useCluster();

const openLedger = async () => {
  const { redis, prefix } = await open();
  return { redis, prefix, ledger: new RedisLedger({ redis, prefix, retentionMs: 30 * DAY_MS, families: FAMILIES }) };
};

const indexed = (product: string, id: string): IndexedSubject => ({
  merchant: 'default',
  subject: { kind: 'transaction', id },
  product,
  day: DAY,
  isOpen: true,
});

/** The subjects of all pages, in order. */
const all = async (read: (cursor: string | null) => Promise<SubjectPage>): Promise<string[]> => {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: SubjectPage = await read(cursor);
    found.push(...page.subjects.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== null);
  return found;
};

describe('the ledger in a cluster', () => {
  it('finds the subjects of a day, of every family and of an earlier version', async () => {
    const { redis, prefix, ledger } = await openLedger();
    const ids = Array.from({ length: 1200 }, (_, index) => `Q${index}`);
    await Promise.all(ids.map((id) => ledger.index(indexed('qr-code', id))));
    await ledger.index(indexed('refund', 'R1'));
    await redis.sadd(`${prefix}:ledger-day:default:${DAY}`, 'transaction:E1');
    const found = await all((cursor) => ledger.ofDay('default', DAY, cursor));
    expect(new Set(found)).toEqual(new Set(['E1', 'R1', ...ids]));
    expect(await ledger.ofDay('other', DAY, null)).toEqual({ subjects: [], next: null });
  });

  it('continues where a page ended, and where an earlier version stopped', async () => {
    const { redis, prefix, ledger } = await openLedger();
    await Promise.all(FAMILIES.map((family) => ledger.index(indexed(family, family))));
    await redis.sadd(`${prefix}:ledger-day:default:${DAY}`, 'transaction:E1');
    expect(await all((cursor) => ledger.ofDay('default', DAY, cursor ?? '0'))).toEqual(['E1', ...FAMILIES]);
    const [second] = FAMILIES.slice(1);
    expect(await all((cursor) => ledger.ofDay('default', DAY, cursor ?? `${second} 0`))).toEqual(FAMILIES.slice(1));
  });

  it('finds open subjects until they are closed, of every family and of an earlier version', async () => {
    const { redis, prefix, ledger } = await openLedger();
    await Promise.all(FAMILIES.map((family) => ledger.index(indexed(family, family))));
    await redis.zadd(`${prefix}:ledger-open:default`, Date.now(), 'transaction:E1');
    expect(await all((cursor) => ledger.open('default', cursor))).toEqual(['E1', ...FAMILIES]);
    await ledger.close(
      'default',
      ['E1', 'qr-code'].map((id) => ({ kind: 'transaction', id })),
    );
    expect(await all((cursor) => ledger.open('default', cursor))).toEqual(['payout', 'refund']);
  });

  it('finds a subject by each of its names, even if many of them arrive at once', async () => {
    const { ledger } = await openLedger();
    const namesOf = (index: number) => [
      { kind: 'refund', id: `R${index}` },
      { kind: 'refund-order', id: `M${index}` },
    ];
    for (let index = 0; index < 40; index += 1) {
      const [refund, order] = namesOf(index);
      if (refund === undefined || order === undefined) throw new Error('a refund has two names');
      const known = await Promise.all(
        [[order], [refund, order], [order]].map((it) => ledger.resolveName('default', it)),
      );
      const name = await ledger.resolveName('default', [refund]);
      expect(await ledger.resolveName('default', [refund, order])).toEqual(name);
      expect(known).toContainEqual(name);
    }
  });
});
