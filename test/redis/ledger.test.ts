import { describe, expect, it } from 'vitest';
import { amountOf } from '../../src/core/money.ts';
import { emptyHistory, markDelivered, markRefuted, type Observation, place } from '../../src/receive/history.ts';
import type { IndexedSubject, SubjectOfMerchant, SubjectPage } from '../../src/receive/ports.ts';
import { RedisLedger } from '../../src/redis/ledger/redis-ledger.ts';
import { openNamespace } from '../support/namespace.ts';

const openLedger = () => {
  const { redis, prefix } = openNamespace();
  return { redis, prefix, ledger: new RedisLedger({ redis, prefix, retentionMs: 60_000, families: ['payout'] }) };
};

const subjectOf = (id: string): SubjectOfMerchant => ({ merchant: 'default', subject: { kind: 'transaction', id } });

const indexed = (id: string, isOpen = false, day = '2026-05-02'): IndexedSubject => ({
  ...subjectOf(id),
  product: 'payout',
  day,
  isOpen,
});

const moment = { completedAt: 2000, createdAt: null, receivedAt: 3000 };

const observation: Observation = {
  product: 'payout',
  statement: { status: 'succeeded', amount: amountOf(1000, 'USD'), merchantOrderId: 'M', channelCode: null },
  origin: 'reconciliation',
  moment,
};

const { history } = place(emptyHistory, observation);

/** The distinct subjects of all pages. */
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
  it('writes a history and reads the same back', async () => {
    const { ledger } = openLedger();
    expect(await ledger.read(subjectOf('D1'))).toBeNull();
    const delivered = markDelivered(markRefuted(history, { content: 'evt_1', isRefuted: true }), 0);
    expect(await ledger.replace(subjectOf('D1'), null, delivered)).toMatchObject({ isWritten: true });
    expect((await ledger.read(subjectOf('D1')))?.history).toEqual(delivered);
  });

  it('does not overwrite a history that another receiver wrote meanwhile, and returns it', async () => {
    const { ledger } = openLedger();
    const both = await Promise.all([
      ledger.replace(subjectOf('D1'), null, history),
      ledger.replace(subjectOf('D1'), null, emptyHistory),
    ]);
    expect(both.map(({ isWritten }) => isWritten).toSorted()).toEqual([false, true]);
    const [first, second] = both;
    expect(first?.stored).toEqual(second?.stored);
    const delivered = markDelivered(history, 0);
    expect(await ledger.replace(subjectOf('D1'), first?.stored ?? null, delivered)).toMatchObject({ isWritten: true });
  });

  it('finds a subject by each of its names, whichever arrives first', async () => {
    const { ledger } = openLedger();
    const [refund, order] = [
      { kind: 'refund', id: 'R1' },
      { kind: 'refund-order', id: 'M1' },
    ];
    expect(await ledger.resolveName('default', [order])).toEqual(order);
    expect(await ledger.resolveName('default', [refund, order])).toEqual(order);
    expect(await ledger.resolveName('default', [refund])).toEqual(order);
    expect(await ledger.resolveName('other', [refund, order])).toEqual(refund);
  });

  it('returns the histories of subjects in the same order', async () => {
    const { ledger } = openLedger();
    await ledger.replace(subjectOf('D1'), null, history);
    const [unknown, known] = await ledger.find('default', [{ kind: 'refund', id: 'D1' }, subjectOf('D1').subject]);
    expect(unknown).toBeNull();
    expect(known).toEqual(history);
  });

  it('finds subjects by merchant and day, page by page', async () => {
    const { ledger } = openLedger();
    const ids = Array.from({ length: 1500 }, (_, index) => `D${10_000 + index}`);
    for (const id of ids) await ledger.index(indexed(id));
    await ledger.index(indexed('D9', false, '2026-05-03'));
    expect(await all((cursor) => ledger.ofDay('default', '2026-05-02', cursor))).toEqual(ids);
    expect(await all((cursor) => ledger.ofDay('default', '2026-05-03', cursor))).toEqual(['D9']);
    expect(await all((cursor) => ledger.ofDay('other', '2026-05-03', cursor))).toEqual([]);
    const first = await ledger.ofDay('default', '2026-05-02', null);
    expect(first.subjects.length).toBeLessThan(1000);
  });

  it('finds open subjects until they are closed', async () => {
    const { ledger } = openLedger();
    await ledger.index(indexed('D1', true));
    await ledger.index(indexed('D2', true));
    await ledger.index(indexed('D3', false));
    expect(await all((cursor) => ledger.open('default', cursor))).toEqual(['D1', 'D2']);
    await ledger.close('default', [subjectOf('D1').subject]);
    expect(await all((cursor) => ledger.open('default', cursor))).toEqual(['D2']);
  });

  it('forgets a day when the retention is over', async () => {
    const { ledger, redis, prefix } = openLedger();
    await ledger.index(indexed('D1', true));
    const keys = [`${prefix}:ledger-day:default:2026-05-02`, `${prefix}:ledger-open:default`];
    const left = await Promise.all(keys.map((key) => redis.pttl(key)));
    expect(left.every((ms) => ms > 0 && ms <= 60_000)).toBe(true);
  });
});
