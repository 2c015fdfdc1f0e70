import { PAYMENT_VERIFICATION_TYPE } from '../core/payment-verification.ts';
import type { JournalEntry } from '../receive/journal.ts';
import { UNRECOGNIZED_TYPE } from '../receive/unrecognized.ts';
import type { Claims } from './claims.ts';
import type { PaymentKey, PaymentKind } from './ports.ts';

const kindOf = ({ event }: Pick<JournalEntry, 'event'>, { ids, transactionId }: Claims): PaymentKind => {
  if (event?.type === PAYMENT_VERIFICATION_TYPE) return 'payment-verification';
  if (event?.product === 'refund') return 'refund';
  if (event?.product === 'ekyc') return 'identity-check';
  if (event?.type.includes('.authorization.') === true) return 'authorization';
  if (event?.type !== UNRECOGNIZED_TYPE && event !== null) return 'transaction';
  return transactionId !== null && ids.includes(transactionId) ? 'transaction' : 'unrecognized';
};

/**
 * The payment (or refund, authorization …) that a journal entry belongs to. Its id is that of the event's subject, by
 * which support looks it up. An unrecognized callback belongs to the payment that it names.
 */
export const paymentKeyOf = (
  entry: Pick<JournalEntry, 'event' | 'merchant' | 'requestId'>,
  claims: Claims,
): PaymentKey => {
  const { event, merchant } = entry;
  const kind = kindOf(entry, claims);
  const transaction = event?.transactionId ?? claims.transactionId;
  const order = event?.merchantOrderId ?? claims.merchantOrderId;
  const byTransaction = transaction ?? order;
  const byRequest = transaction ?? claims.requestId ?? order ?? claims.userId;
  const isRequest = kind === 'authorization' || kind === 'identity-check';
  return { merchant, kind, id: (isRequest ? byRequest : byTransaction) ?? event?.id ?? entry.requestId };
};
