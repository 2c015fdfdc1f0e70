import type { FindingKind, Statement } from '../core/event.ts';
import { amountOf } from '../core/money.ts';
import { type Aspect, differences } from '../core/statement.ts';
import type { Row } from './row.ts';

/** The currency of an amount for which PayCools names none (PAYCOOLS.md 9). */
const USUAL_CURRENCY = 'PHP';

/** What PayCools states, as far as two sides can disagree about it; null where its status word is not known. */
export const receivedOf = (row: Row | null): Statement | null => {
  if (row === null || row.status === null) return null;
  const { status, amount, currency, merchantOrderId, channelCode } = row;
  return {
    status,
    amount: amount === null ? null : amountOf(amount, currency ?? USUAL_CURRENCY),
    merchantOrderId,
    channelCode,
  };
};

/** The most important one first. Channels differ between account statements and callbacks, so they prove nothing. */
const MISMATCHES: readonly (readonly [Aspect, Extract<FindingKind, `${string}-mismatch`>])[] = [
  ['status', 'status-mismatch'],
  ['amount', 'amount-mismatch'],
  ['currency', 'amount-mismatch'],
  ['order', 'order-mismatch'],
];

/**
 * In what PayCools contradicts what was received: the one comparison of reconciliation and confirmation.
 *
 * @returns null where both agree
 */
export const mismatchOf = (ours: Statement, theirs: Statement) => {
  const found = differences(ours, theirs);
  return MISMATCHES.find(([aspect]) => found.includes(aspect))?.[1] ?? null;
};
