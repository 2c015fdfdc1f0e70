import { type Flag, isFinal, type Statement, type Status } from '../core/event.ts';
import type { LedgerEntry } from './ports.ts';

/** What the ledger tells about news of this status: is it older than what is known, or does it turn it around? */
export const flagsOf = (entry: LedgerEntry, status: Status): Flag[] => {
  const own = entry.sightings.get(status)?.ordinal ?? Number.POSITIVE_INFINITY;
  const hasEarlierFinal = [...entry.sightings].some(([seen, { ordinal }]) => isFinal(seen) && ordinal < own);
  if (!hasEarlierFinal) return [];
  return [isFinal(status) ? 'reversal' : 'stale'];
};

/** The latest final status before this one: what a reversal turns around. */
export const statementBefore = (entry: LedgerEntry, status: Status): Statement | null => {
  const own = entry.sightings.get(status)?.ordinal ?? Number.POSITIVE_INFINITY;
  const earlier = [...entry.sightings.values()]
    .filter(({ statement, ordinal }) => isFinal(statement.status) && ordinal < own)
    .sort((left, right) => right.ordinal - left.ordinal);
  return earlier[0]?.statement ?? null;
};

const disagree = (left: string | number | null | undefined, right: string | number | null | undefined): boolean =>
  left != null && right != null && left !== right;

/**
 * Whether two statements of the same news contradict each other in amount, order or channel. What one side does not
 * say is no contradiction: statements and callbacks carry different fields.
 *
 * @see PAYCOOLS.md 6, last paragraph
 */
export const conflicts = (recorded: Statement, received: Statement): boolean =>
  disagree(recorded.amount?.minor, received.amount?.minor) ||
  disagree(recorded.amount?.currency, received.amount?.currency) ||
  disagree(recorded.merchantOrderId, received.merchantOrderId) ||
  disagree(recorded.channelCode, received.channelCode);
