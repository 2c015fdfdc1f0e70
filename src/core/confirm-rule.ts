import type { PaymentEvent } from './event.ts';
import { parseCentavos } from './money.ts';
import { fail, ok, type Result } from './result.ts';

/** Which events PayCools is asked about before workers get them. */
export type ConfirmRule =
  | { readonly kind: 'off' | 'failed' | 'always' }
  /** Successes of at least this many centavos. */
  | { readonly kind: 'amount'; readonly minor: number };

/** Reads CONFIRM: `off`, `failed`, `amount>=N` (integer centavos) or `always`. */
export const parseConfirmRule = (text: string): Result<ConfirmRule, string> => {
  if (text === 'off' || text === 'failed' || text === 'always') return ok({ kind: text });
  const minor = parseCentavos(/^amount>=(\d+)$/.exec(text)?.[1]);
  return minor === null
    ? fail('must be off, failed, amount>=N (N in centavos) or always')
    : ok({ kind: 'amount', minor });
};

const FAILED: ReadonlySet<string> = new Set(['failed', 'closed', 'cancelled']);

/** Whether the rule covers an event. Only final states are confirmed: others will change anyway. */
export const ruleHolds = (rule: ConfirmRule, data: Pick<PaymentEvent['data'], 'status' | 'amount'>): boolean => {
  const isSuccess = data.status === 'succeeded';
  switch (rule.kind) {
    case 'off':
      return false;
    case 'failed':
      return FAILED.has(data.status);
    case 'amount':
      return isSuccess && (data.amount?.minor ?? 0) >= rule.minor;
    case 'always':
      return isSuccess || FAILED.has(data.status);
  }
};
