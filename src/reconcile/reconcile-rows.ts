import { subjectKey } from '../core/event-id.ts';
import { type Compared, compare, type Known } from './compare.ts';
import { countEmittedBefore, emitMissing } from './emit-missing.ts';
import { familyOf } from './family.ts';
import { reportFinding, reportOdd } from './finding.ts';
import type { NotRead, ReadRows } from './ports.ts';
import { ask, queryOfRow } from './query-subject.ts';
import type { OddRow, Row } from './row.ts';
import { leaveOut, notesOf, type RunContext, type Tally, tallyEach } from './run-context.ts';

/** Compares these rows with what the ledger has of them now. */
export const compareNow = async (context: RunContext, rows: readonly Row[]): Promise<readonly Compared[]> => {
  const { ports, merchant, stuckAfterMs } = context;
  const subjects = rows.map(({ subject }) => subject);
  const entries = await ports.reader.find(merchant.name, subjects);
  const known = subjects.flatMap((subject, index): Known[] => {
    const entry = entries[index] ?? null;
    return entry === null ? [] : [{ subject, entry }];
  });
  return compare({ registry: ports.registry, rows, known, now: ports.now(), stuckAfterMs });
};

/** Asked again: a callback may have come after the row was read, and a row may be older than the callback. */
const recheckRow = async (context: RunContext, tally: Tally, compared: Compared, row: Row): Promise<Compared> => {
  const family = familyOf(context.ports.registry, row, compared.entry);
  const answer = family.kind === 'known' ? await ask(context, tally, family.product, queryOfRow(context, row)) : null;
  const fresh = answer?.kind === 'found' && answer.row.status !== null ? answer.row : row;
  const [again] = await compareNow(context, [fresh]);
  return again ?? compared;
};

/** What is remembered of a row: its state, and what came of it. */
const stateOf = ({ status, amount }: Row): string => `${status} ${amount} `;

const reconcileRow = async (context: RunContext, compared: Compared, tally: Tally): Promise<void> => {
  const { comparison, row } = compared;
  if (row === null) return reportFinding(context, tally, { compared });
  if (comparison === 'missing') return emitMissing(context, row, compared, tally);
  if (comparison === 'matched') {
    if (!countEmittedBefore(context, compared, tally)) tally.matched += 1;
    return;
  }
  if (comparison !== 'status-mismatch') return reportFinding(context, tally, { compared });
  const again = await recheckRow(context, tally, compared, row);
  if (again.comparison === 'status-mismatch') return reportFinding(context, tally, { compared: again });
  return reconcileRow(context, again, tally);
};

/** Asks for the refunds of a payment: they are in no statement (PAYCOOLS.md 10, 6). */
export const reconcileRefunds = async (context: RunContext, transactionId: string, tally: Tally): Promise<void> =>
  reconcileList(context, tally, {
    what: `refunds of ${transactionId}`,
    read: await context.provider.refunds(transactionId),
  });

/** Reconciles a list, or notes that it was left out. */
export const reconcileList = async (
  context: RunContext,
  tally: Tally,
  { what, read }: { readonly what: string; readonly read: ReadRows | NotRead },
): Promise<void> => {
  if ('reason' in read) leaveOut(tally, { what, reason: read.reason });
  else await reconcileRows(context, read, tally);
};

/** Whether refunds of it are possible, and are asked for. */
const isRefundable = ({ provider }: RunContext, { status, product }: Row): boolean =>
  status === 'succeeded' && (product === null || provider.collections.includes(product));

/** Reports rows that cannot be read, those that this run has not seen yet. */
const reconcileOdd = async (context: RunContext, odd: readonly OddRow[], tally: Tally): Promise<void> => {
  const keys = odd.map(({ key }) => `unreadable:${key}`);
  const notes = await notesOf(context, tally, keys);
  for (const [index, row] of odd.entries()) {
    const key = keys[index] ?? '';
    if (notes[index] !== null || tally.seen.has(key)) continue;
    tally.seen.set(key, 'unreadable');
    tally.rows += 1;
    tally.unreadable += 1;
    await reportOdd(context, tally, row);
  }
};

/** Compares one row with the ledger and acts on what it finds. Refunds of a payment are asked for with it. */
const reconcileOne = async (
  context: RunContext,
  { compared, note, tally }: { readonly compared: Compared; readonly note: string | null; readonly tally: Tally },
): Promise<void> => {
  const { row } = compared;
  if (note === null) tally.rows += 1;
  if (note?.endsWith(' matched') === true) tally.matched -= 1; // it was pending, and has ended meanwhile
  await reconcileRow(context, compared, tally);
  if (row === null) return;
  tally.seen.set(subjectKey(row.subject), `${stateOf(row)}${compared.comparison}`);
  if (context.depth === 'full' && isRefundable(context, row)) await reconcileRefunds(context, row.subject.id, tally);
};

/**
 * Compares rows with the ledger, those that this run has not seen yet in this state, and acts on what it finds.
 *
 * @returns how many of them, with those that cannot be read, this run had not seen
 */
export const reconcileRows = async (context: RunContext, { rows, odd }: ReadRows, tally: Tally): Promise<number> => {
  const keys = rows.map(({ subject }) => subjectKey(subject));
  const notes = await notesOf(context, tally, keys);
  const fresh = rows.filter((row, index) => notes[index]?.startsWith(stateOf(row)) !== true);
  const before = new Map(keys.map((key, index) => [key, notes[index] ?? null]));
  const compared = await compareNow(context, fresh);
  await tallyEach(context, tally, compared, (one, part) =>
    reconcileOne(context, { compared: one, note: before.get(subjectKey(one.subject)) ?? null, tally: part }),
  );
  const unreadableBefore = tally.unreadable;
  await reconcileOdd(context, odd, tally);
  return compared.length + tally.unreadable - unreadableBefore;
};
