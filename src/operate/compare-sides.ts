import { centavosToDecimal } from '../core/money.ts';
import type { PaymentHistory } from './operations.ts';
import type { AskResult } from './ports.ts';

/** What PayCools and this service know about a payment, as text. */
export type BothSides = { readonly theirs: string; readonly ours: string; readonly isSame: boolean };

const REASONS = {
  'not-configured':
    'The API of this merchant is not configured: set PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID and PAYCOOLS_PRIVATE_KEY.',
  'not-possible': 'PayCools has no query for this kind of payment.',
  unanswered: 'PayCools did not answer, or its answer was not as documented: try again later.',
  absent: 'PayCools does not know it.',
} as const;

const formatSide = (status: string, amount: string | null): string => [status, amount].filter(Boolean).join(', ');

/** Compares PayCools's answer with what was received; a sentence if PayCools reported no payment. A missing amount never differs. */
export const compareSides = (asked: AskResult, { summary, amount }: PaymentHistory): BothSides | string => {
  if (asked.kind !== 'found') return REASONS[asked.kind];
  const status = asked.status ?? asked.rawStatus;
  const stated = asked.amount === null ? null : centavosToDecimal(asked.amount);
  const received = amount?.value ?? null;
  return {
    theirs: formatSide(status, stated),
    ours: formatSide(summary.status ?? 'nothing proved', received),
    isSame: status === summary.status && (stated === null || received === null || stated === received),
  };
};
