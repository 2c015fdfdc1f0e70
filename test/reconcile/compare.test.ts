import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/core/event.ts';
import { subjectKey } from '../../src/core/event-id.ts';
import { amountOf } from '../../src/core/money.ts';
import type { Sighting } from '../../src/receive/history.ts';
import { type ComparedSubject, compare, comparisons, type KnownSubject } from '../../src/reconcile/compare.ts';
import type { Row } from '../../src/reconcile/row.ts';
import { DAY_MS, entryOf, knownOf, NOW, registry, rowOf, type Seen } from './support.ts';

const compareThese = (rows: readonly Row[], known: readonly KnownSubject[]) =>
  compare({ registry, rows, known, now: NOW, stuckAfterMs: DAY_MS });

const old = '2026-04-28T02:00:00.000Z';
const pending = { transactionStatus: 'PENDING', returnTime: null };

const cases: readonly [string, Parameters<typeof rowOf>[0], readonly Seen[] | null, string][] = [
  ['both say that it succeeded', {}, [{ status: 'succeeded' }], 'matched'],
  ['both say that it failed', { transactionStatus: 'FAILED' }, [{ status: 'failed' }], 'matched'],
  [
    'spelling and case of the status word do not matter',
    { transactionStatus: 'Completed' },
    [{ status: 'succeeded' }],
    'matched',
  ],
  ['one side has no amount', { amount: null }, [{ status: 'succeeded' }], 'matched'],
  ['the other side has no amount', {}, [{ status: 'succeeded', minor: null }], 'matched'],
  [
    'it bounced, and both know',
    { transactionStatus: 'FAILED' },
    [{ status: 'succeeded' }, { status: 'failed' }],
    'matched',
  ],
  ['a pending came late', {}, [{ status: 'succeeded' }, { status: 'pending' }], 'matched'],
  ['nothing came, and it is young and pending', pending, null, 'matched'],
  ['it is young and pending on both sides', pending, [{ status: 'pending' }], 'matched'],
  ['nothing came', {}, null, 'missing'],
  ['nothing came about a failure', { transactionStatus: 'FAILED' }, null, 'missing'],
  ['nothing came about a close', { transactionStatus: 'CLOSED' }, null, 'missing'],
  ['only the pending came', {}, [{ status: 'pending' }], 'missing'],
  ['it was seen and not stored', {}, [{ status: 'succeeded', isDelivered: false }], 'missing'],
  ['nothing came, and the word is not known', { transactionStatus: 'ODD' }, null, 'missing'],
  ['the word is not known', { transactionStatus: 'ODD' }, [{ status: 'succeeded' }], 'status-mismatch'],
  [
    'one says failed, the other succeeded',
    { transactionStatus: 'FAILED' },
    [{ status: 'succeeded' }],
    'status-mismatch',
  ],
  ['it bounced for us only', {}, [{ status: 'succeeded' }, { status: 'failed' }], 'status-mismatch'],
  ['PayCools is behind what it told', pending, [{ status: 'succeeded' }], 'status-mismatch'],
  [
    'status and amount disagree',
    { transactionStatus: 'FAILED', amount: 1 },
    [{ status: 'succeeded' }],
    'status-mismatch',
  ],
  ['the amount is another', { amount: 1001 }, [{ status: 'succeeded' }], 'amount-mismatch'],
  ['it is pending for days', { ...pending, createTime: old }, null, 'stuck-pending'],
  ['it is pending for days on both sides', { ...pending, createTime: old }, [{ status: 'pending' }], 'stuck-pending'],
  ['nobody paid a static code', { ...pending, createTime: old, channelCode: 'QRPH_STATIC_QR' }, null, 'matched'],
  ['nobody paid a transfer', { ...pending, createTime: old, channelCode: 'INSTA_TRANSFER_ACC' }, null, 'matched'],
];

const inDollars = (sighting: Sighting): Sighting => ({
  ...sighting,
  statement: { ...sighting.statement, amount: amountOf(1000, 'USD') },
});

describe('the comparison of a row with the ledger', () => {
  it.each(cases)('when %s', (_, row, seen, comparison) => {
    const known = seen === null ? [] : [knownOf('C1', entryOf(seen))];
    expect(compareThese([rowOf(row)], known).map((compared) => compared.comparison)).toEqual([comparison]);
  });

  it('finds what PayCools does not know', () => {
    expect(compareThese([], [knownOf('C9', entryOf([{ status: 'succeeded' }]))])).toMatchObject([
      { comparison: 'unknown-to-paycools', row: null },
    ]);
  });

  it('takes an amount in another currency for another amount', () => {
    const entry = entryOf([{ status: 'succeeded' }]);
    const dollars = { ...entry, sightings: entry.sightings.map(inDollars) };
    expect(compareThese([rowOf()], [knownOf('C1', dollars)])).toMatchObject([{ comparison: 'amount-mismatch' }]);
  });

  it('sees that PayCools names another order', () => {
    const known = [knownOf('C1', entryOf([{ status: 'succeeded' }]))];
    expect(compareThese([rowOf({ mchOrderId: 'M2' })], known)).toMatchObject([{ comparison: 'order-mismatch' }]);
  });

  it('believes the view that is further, whatever came first', () => {
    const rows = [rowOf({ transactionStatus: 'PENDING' }), rowOf(), rowOf({ transactionStatus: 'PENDING' })];
    expect(compareThese(rows, [knownOf('C1', entryOf([{ status: 'succeeded' }]))])).toMatchObject([
      { comparison: 'matched' },
    ]);
  });

  it('does not mix up a refund with a payment of the same id', () => {
    const known = [{ subject: { kind: 'refund', id: 'C1' }, entry: entryOf([{ status: 'succeeded' }], 'refund') }];
    expect(compareThese([rowOf()], known).map(({ comparison }) => comparison)).toEqual([
      'unknown-to-paycools',
      'missing',
    ]);
  });
});

const id = fc.constantFrom('C1', 'C2', 'C3', 'C4', 'C5', 'C6');
const rows = fc.array(
  fc.record({
    transactionId: id,
    transactionStatus: fc.constantFrom('PENDING', 'COMPLETE', 'FAILED', 'CLOSED', 'ODD'),
    amount: fc.constantFrom(1000, 2000, null),
    channelCode: fc.constantFrom('PAYMAYA_URL', 'QRPH_STATIC_QR', null),
    createTime: fc.constantFrom(old, '2026-05-02T02:00:00.000Z', null),
    returnTime: fc.constantFrom('2026-05-02T02:00:00.000Z', '2026-05-02T03:00:00.000Z', null),
  }),
  { maxLength: 12 },
);
const seenStatus = fc.constantFrom<Status>('pending', 'succeeded', 'failed', 'closed');
const known = fc.uniqueArray(
  fc.tuple(
    id,
    fc.uniqueArray(fc.record({ status: seenStatus, minor: fc.constantFrom(1000, 2000) }), {
      minLength: 1,
      maxLength: 3,
      selector: ({ status }) => status,
    }),
  ),
  { maxLength: 6, selector: ([it]) => it },
);
const sides = fc.record({
  rows: rows.map((all) => all.map(rowOf)),
  known: known.map((all) => all.map(([it, seen]) => knownOf(it, entryOf(seen)))),
});

/** What the ledger has after the events of what was missing have been delivered. */
const afterEmission = (compared: readonly ComparedSubject[]): KnownSubject[] =>
  compared.flatMap(({ comparison, subject, row, entry }) => {
    const status = row?.status ?? null;
    if (comparison !== 'missing' || status === null) return entry === null ? [] : [{ subject, entry }];
    const before = (entry?.sightings ?? []).map(({ statement }) => ({ status: statement.status }));
    return [{ subject, entry: entryOf([...before, { status, minor: row?.amount ?? null }]) }];
  });

const classesOf = (compared: readonly ComparedSubject[]) =>
  compared.map(({ comparison, subject }) => `${subjectKey(subject)} ${comparison}`);

describe('the comparison', () => {
  it('puts every subject of either side into exactly one class', () => {
    fc.assert(
      fc.property(sides, (both) => {
        const compared = compareThese(both.rows, both.known);
        const subjects = new Set([...both.rows, ...both.known].map(({ subject }) => subjectKey(subject)));
        expect(compared.map(({ subject }) => subjectKey(subject))).toEqual([...subjects].sort());
        expect(compared.every(({ comparison }) => comparisons.includes(comparison))).toBe(true);
      }),
    );
  });

  it('does not depend on the order of rows, pages and entries', () => {
    const shuffled = sides.chain((both) =>
      fc.record({
        both: fc.constant(both),
        rows: fc.shuffledSubarray(both.rows, { minLength: both.rows.length }),
        known: fc.shuffledSubarray(both.known, { minLength: both.known.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, (other) => {
        expect(compareThese(other.rows, other.known)).toEqual(compareThese(other.both.rows, other.both.known));
      }),
    );
  });

  it('does not depend on how often a row comes', () => {
    fc.assert(
      fc.property(sides, (both) => {
        const twice = compareThese([...both.rows, ...both.rows], [...both.known, ...both.known]);
        expect(twice).toEqual(compareThese(both.rows, both.known));
      }),
    );
  });

  it('finds nothing new when it runs again after the emission', () => {
    fc.assert(
      fc.property(sides, (both) => {
        const first = compareThese(both.rows, both.known);
        const second = compareThese(both.rows, afterEmission(first));
        const emitted = first.filter(({ comparison, row }) => comparison === 'missing' && row?.status !== null);
        const expected = new Map(first.map((compared) => [subjectKey(compared.subject), compared.comparison]));
        for (const { subject } of emitted) expected.set(subjectKey(subject), 'matched');
        expect(classesOf(second)).toEqual([...expected].map(([key, comparison]) => `${key} ${comparison}`));
      }),
    );
  });
});
