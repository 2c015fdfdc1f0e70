import { subjectKey } from '../core/event-id.ts';
import { type ComparedSubject, compare } from './compare.ts';
import { countEmittedBefore, emitMissing } from './emit-missing.ts';
import { decideFamily } from './family.ts';
import { reportFinding, reportOddRow } from './finding.ts';
import type { ReadFailure, ReadRows } from './ports.ts';
import { ask, queryForRow } from './query-subject.ts';
import type { OddRow, Row } from './row.ts';
import { findKnown, leaveOut, loadSeen, type RunContext, type Tally, tallyEach } from './run-context.ts';

/** Compares these rows with the current state of the ledger. */
export const compareWithLedger = async (
  context: RunContext,
  rows: readonly Row[],
): Promise<readonly ComparedSubject[]> => {
  const { ports, stuckAfterMs } = context;
  const known = await findKnown(
    context,
    rows.map(({ subject }) => subject),
  );
  return compare({ registry: ports.registry, rows, known, now: ports.now(), stuckAfterMs });
};

/** Queries the subject once more: the row may be older than a callback that has arrived meanwhile. */
const recheckRow = async (
  context: RunContext,
  tally: Tally,
  compared: ComparedSubject,
  row: Row,
): Promise<ComparedSubject> => {
  const family = decideFamily(context.ports.registry, row, compared.entry);
  const answer = family.kind === 'known' ? await ask(context, tally, family.product, queryForRow(context, row)) : null;
  const fresh = answer?.kind === 'found' && answer.row.status !== null ? answer.row : row;
  const [again] = await compareWithLedger(context, [fresh]);
  return again ?? compared;
};

/** A run records `<status> <amount> <comparison>` for each row, so that it acts only once on each of its states. */
const stateOf = ({ status, amount }: Row): string => `${status} ${amount} `;

const actOnComparison = async (context: RunContext, compared: ComparedSubject, tally: Tally): Promise<void> => {
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
  return actOnComparison(context, again, tally);
};

/** Asks for the refunds of a payment, because no statement lists them (docs/paycools.md 10, 6). */
export const reconcileRefunds = async (context: RunContext, transactionId: string, tally: Tally): Promise<void> =>
  reconcileList(context, tally, {
    what: `refunds of ${transactionId}`,
    read: await context.provider.refunds(transactionId),
  });

/** Reconciles a list, or records that it was left out. */
export const reconcileList = async (
  context: RunContext,
  tally: Tally,
  { what, read }: { readonly what: string; readonly read: ReadRows | ReadFailure },
): Promise<void> => {
  if ('reason' in read) leaveOut(tally, { what, reason: read.reason });
  else await reconcileRows(context, read, tally);
};

/** Whether the payment can have refunds. */
const isRefundable = ({ provider }: RunContext, { status, product }: Row): boolean =>
  status === 'succeeded' && (product === null || provider.collections.includes(product));

/** Reports unreadable rows that this run has not reported yet. */
const reportOddRows = async (context: RunContext, odd: readonly OddRow[], tally: Tally): Promise<void> => {
  const seenKeyOf = ({ key }: OddRow): string => `unreadable:${key}`;
  const seen = await loadSeen(context, tally, odd.map(seenKeyOf));
  for (const row of odd) {
    const key = seenKeyOf(row);
    if (seen.has(key) || tally.seen.has(key)) continue;
    tally.seen.set(key, 'unreadable');
    tally.rows += 1;
    tally.unreadable += 1;
    await reportOddRow(context, tally, row);
  }
};

/** Counts and records one compared row, acts on it, and asks for the refunds of a payment. */
const reconcileRow = async (
  context: RunContext,
  compared: ComparedSubject,
  { seenAs, tally }: { readonly seenAs: string | undefined; readonly tally: Tally },
): Promise<void> => {
  const { row } = compared;
  if (seenAs === undefined) tally.rows += 1;
  if (seenAs?.endsWith(' matched') === true) tally.matched -= 1; // it has changed since, so it is counted again
  await actOnComparison(context, compared, tally);
  if (row === null) return;
  tally.seen.set(subjectKey(row.subject), `${stateOf(row)}${compared.comparison}`);
  if (context.depth === 'full' && isRefundable(context, row)) await reconcileRefunds(context, row.subject.id, tally);
};

/**
 * Compares the rows that this run has not seen in their current state with the ledger, and acts on the result.
 *
 * @returns the number of such rows, including unreadable ones
 */
export const reconcileRows = async (context: RunContext, { rows, odd }: ReadRows, tally: Tally): Promise<number> => {
  const keyOf = ({ subject }: Pick<Row, 'subject'>): string => subjectKey(subject);
  const seen = await loadSeen(context, tally, rows.map(keyOf));
  const fresh = rows.filter((row) => seen.get(keyOf(row))?.startsWith(stateOf(row)) !== true);
  const compared = await compareWithLedger(context, fresh);
  await tallyEach(context, tally, compared, (each, part) =>
    reconcileRow(context, each, { seenAs: seen.get(keyOf(each)), tally: part }),
  );
  const unreadableBefore = tally.unreadable;
  await reportOddRows(context, odd, tally);
  return compared.length + tally.unreadable - unreadableBefore;
};
