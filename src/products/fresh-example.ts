import type { JsonRecord } from '../core/json.ts';

/** Members that identify one payment, order, refund or authorization. */
export const identities = [
  'transactionId',
  'mchOrderId',
  'aggregateOrderId',
  'refundTransactionId',
  'mchRefundOrderId',
  'paytoken',
  'requestId',
];

/** A documented body about something new: the same fields with ids of its own, so that it is not a duplicate. */
export const freshExample = (example: JsonRecord, mark: string): JsonRecord =>
  Object.fromEntries(
    Object.entries(example).map(([name, value]) => [name, identities.includes(name) ? `${value}-${mark}` : value]),
  );
