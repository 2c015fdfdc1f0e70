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

/** The same body with unique ids, so that it is not a duplicate. */
export const freshExample = (example: JsonRecord, mark: string): JsonRecord =>
  Object.fromEntries(
    Object.entries(example).map(([name, value]) => [name, identities.includes(name) ? `${value}-${mark}` : value]),
  );
