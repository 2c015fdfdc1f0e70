import type { FindingKind, Statement } from '../core/event.ts';
import { amountOf } from '../core/money.ts';
import { type Aspect, differences } from '../core/statement.ts';
import type { Row } from './row.ts';

/** The currency when PayCools names none (docs/paycools.md 9). */
const DEFAULT_CURRENCY = 'PHP';

/** The comparable part of a row; null if its status word is unknown. */
export const statementOfRow = (row: Row | null): Statement | null => {
  if (row === null || row.status === null) return null;
  const { status, amount, currency, merchantOrderId, channelCode } = row;
  return {
    status,
    amount: amount === null ? null : amountOf(amount, currency ?? DEFAULT_CURRENCY),
    merchantOrderId,
    channelCode,
  };
};

/** Most important first. Channel codes are not compared: account statements and callbacks write them differently. */
const MISMATCHES: readonly (readonly [Aspect, Extract<FindingKind, `${string}-mismatch`>])[] = [
  ['status', 'status-mismatch'],
  ['amount', 'amount-mismatch'],
  ['currency', 'amount-mismatch'],
  ['order', 'order-mismatch'],
];

/**
 * The most important difference between what was received and what PayCools reports. Reconciliation and confirmation
 * both use this comparison.
 *
 * @returns null if both agree
 */
export const mismatchOf = (ours: Statement, theirs: Statement) => {
  const found = differences(ours, theirs);
  return MISMATCHES.find(([aspect]) => found.includes(aspect))?.[1] ?? null;
};
