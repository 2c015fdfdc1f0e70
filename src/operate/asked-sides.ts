import { centavosToDecimal } from '../core/money.ts';
import type { PaymentHistory } from './operations.ts';
import type { Asked } from './ports.ts';

/** What PayCools and we know of a payment, in words. */
export type BothSides = { readonly theirs: string; readonly ours: string; readonly isSame: boolean };

const SENTENCES = {
  'not-configured':
    'The API of this merchant is not configured: set PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID and PAYCOOLS_PRIVATE_KEY.',
  'not-possible': 'PayCools has no query for this kind of payment.',
  unanswered: 'PayCools did not answer, or its answer was not as documented: try again later.',
  absent: 'PayCools does not know it.',
} as const;

const sideOf = (status: string, amount: string | null): string => [status, amount].filter(Boolean).join(', ');

/** Both sides after PayCools was asked, or why there is only ours. An amount that one side does not name does not differ. */
export const sidesOf = (asked: Asked, { summary, amount }: PaymentHistory): BothSides | string => {
  if (asked.kind !== 'found') return SENTENCES[asked.kind];
  const status = asked.status ?? asked.rawStatus;
  const stated = asked.amount === null ? null : centavosToDecimal(asked.amount);
  const received = amount?.value ?? null;
  return {
    theirs: sideOf(status, stated),
    ours: sideOf(summary.status ?? 'nothing proved', received),
    isSame: status === summary.status && (stated === null || received === null || stated === received),
  };
};
