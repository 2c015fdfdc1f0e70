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
  ['both sides report success', {}, [{ status: 'succeeded' }], 'matched'],
  ['both sides report failure', { transactionStatus: 'FAILED' }, [{ status: 'failed' }], 'matched'],
  ['the status word is spelled differently', { transactionStatus: 'Completed' }, [{ status: 'succeeded' }], 'matched'],
  ['PayCools states no amount', { amount: null }, [{ status: 'succeeded' }], 'matched'],
  ['the ledger has no amount', {}, [{ status: 'succeeded', minor: null }], 'matched'],
  [
    'it bounced on both sides',
    { transactionStatus: 'FAILED' },
    [{ status: 'succeeded' }, { status: 'failed' }],
    'matched',
  ],
  ['the pending callback arrived late', {}, [{ status: 'succeeded' }, { status: 'pending' }], 'matched'],
  ['nothing was received and it has just been created', pending, null, 'matched'],
  ['it has just been created and is pending on both sides', pending, [{ status: 'pending' }], 'matched'],
  ['no success was received', {}, null, 'missing'],
  ['no failure was received', { transactionStatus: 'FAILED' }, null, 'missing'],
  ['no closing was received', { transactionStatus: 'CLOSED' }, null, 'missing'],
  ['only the pending status was received', {}, [{ status: 'pending' }], 'missing'],
  ['it was recorded but not delivered', {}, [{ status: 'succeeded', isDelivered: false }], 'missing'],
  ['nothing was received and the status word is unknown', { transactionStatus: 'ODD' }, null, 'missing'],
  ['the status word is unknown', { transactionStatus: 'ODD' }, [{ status: 'succeeded' }], 'status-mismatch'],
  [
    'PayCools reports failure and the ledger success',
    { transactionStatus: 'FAILED' },
    [{ status: 'succeeded' }],
    'status-mismatch',
  ],
  ['it bounced only in the ledger', {}, [{ status: 'succeeded' }, { status: 'failed' }], 'status-mismatch'],
  ['it is final in the ledger and pending at PayCools', pending, [{ status: 'succeeded' }], 'status-mismatch'],
  [
    'status and amount differ',
    { transactionStatus: 'FAILED', amount: 1 },
    [{ status: 'succeeded' }],
    'status-mismatch',
  ],
  ['the amount differs', { amount: 1001 }, [{ status: 'succeeded' }], 'amount-mismatch'],
  ['it has been pending for days', { ...pending, createTime: old }, null, 'stuck-pending'],
  [
    'it has been pending for days on both sides',
    { ...pending, createTime: old },
    [{ status: 'pending' }],
    'stuck-pending',
  ],
  ['a static code is unpaid', { ...pending, createTime: old, channelCode: 'QRPH_STATIC_QR' }, null, 'matched'],
  ['a transfer account is unpaid', { ...pending, createTime: old, channelCode: 'INSTA_TRANSFER_ACC' }, null, 'matched'],
];

const inDollars = (sighting: Sighting): Sighting => ({
  ...sighting,
  statement: { ...sighting.statement, amount: amountOf(1000, 'USD') },
});

describe('the comparison of a row with the ledger', () => {
  it.each(cases)('is right when %s', (_, row, seen, comparison) => {
    const known = seen === null ? [] : [knownOf('C1', entryOf(seen))];
    expect(compareThese([rowOf(row)], known).map((compared) => compared.comparison)).toEqual([comparison]);
  });

  it('reports a subject that PayCools does not know', () => {
    expect(compareThese([], [knownOf('C9', entryOf([{ status: 'succeeded' }]))])).toMatchObject([
      { comparison: 'unknown-to-paycools', row: null },
    ]);
  });

  it('reports a different currency as an amount mismatch', () => {
    const entry = entryOf([{ status: 'succeeded' }]);
    const dollars = { ...entry, sightings: entry.sightings.map(inDollars) };
    expect(compareThese([rowOf()], [knownOf('C1', dollars)])).toMatchObject([{ comparison: 'amount-mismatch' }]);
  });

  it('reports a different order', () => {
    const known = [knownOf('C1', entryOf([{ status: 'succeeded' }]))];
    expect(compareThese([rowOf({ mchOrderId: 'M2' })], known)).toMatchObject([{ comparison: 'order-mismatch' }]);
  });

  it('uses the most advanced status, whatever the order of the rows', () => {
    const rows = [rowOf({ transactionStatus: 'PENDING' }), rowOf(), rowOf({ transactionStatus: 'PENDING' })];
    expect(compareThese(rows, [knownOf('C1', entryOf([{ status: 'succeeded' }]))])).toMatchObject([
      { comparison: 'matched' },
    ]);
  });

  it('does not confuse a refund with a payment of the same id', () => {
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

/** The ledger after the missing events have been delivered. */
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
  it('has exactly one result for every subject of either side', () => {
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

  it('does not depend on how often a row occurs', () => {
    fc.assert(
      fc.property(sides, (both) => {
        const twice = compareThese([...both.rows, ...both.rows], [...both.known, ...both.known]);
        expect(twice).toEqual(compareThese(both.rows, both.known));
      }),
    );
  });

  it('finds nothing missing after the missing events were emitted', () => {
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
