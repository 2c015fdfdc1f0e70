import { z } from 'zod';
import type { JsonRecord } from '../core/json.ts';
import type { CallName } from './endpoints/table.ts';

/**
 * How the query of an order shows that its creation succeeded although the reply was lost. An order that PayCools has
 * with another amount is one of our older orders, so it does not match.
 */
export type Resolution = {
  readonly query: CallName;
  /** Parameters of the query, out of those of the creation. */
  readonly parameters: (request: JsonRecord) => JsonRecord;
  /** What the creation would have returned, out of what the query returned; null where the order is not in it. */
  readonly find: (found: unknown, request: JsonRecord) => unknown;
};

const loose = z.looseObject({});
const record = (value: unknown): Readonly<Record<string, unknown>> => loose.safeParse(value).data ?? {};

const byOrder = ({ mchOrderId }: JsonRecord): JsonRecord => ({ mchOrderId: mchOrderId ?? null });

/** Whether PayCools reports the same value as we sent, or none. */
const agrees = (found: Readonly<Record<string, unknown>>, request: JsonRecord, name: string): boolean =>
  found[name] === undefined || found[name] === null || found[name] === request[name];

/**
 * Creations whose lost reply can be replaced by a query. Of the others 7.1 and 10.5 have no query by order, and 4.1,
 * 4.2 and 6.1 have none that returns what was created: they end with `outcome: "unknown"`.
 *
 * @see PAYCOOLS.md 9, "Idempotency and uniqueness"
 */
export const resolutions: Readonly<Partial<Record<CallName, Resolution>>> = {
  'payout.create': {
    query: 'payout.status',
    parameters: byOrder,
    find: (found, request) => (agrees(record(found), request, 'amount') ? found : null),
  },
  'qrCode.create': {
    query: 'qrCode.get',
    parameters: byOrder,
    find: (found, request) => {
      const isSame = agrees(record(found), request, 'channelCode') && agrees(record(found), request, 'amount');
      return isSame ? found : null;
    },
  },
  'refund.create': {
    query: 'refund.payments',
    parameters: ({ originalTransactionId }) => ({ originalTransactionId: originalTransactionId ?? null }),
    find: (found, request) => {
      const refunds = Array.isArray(found) ? found.map(record) : [];
      const ours = refunds.find(({ mchRefundOrderId }) => mchRefundOrderId === request['mchRefundOrderId']);
      return ours?.['refundAmount'] === request['refundAmount'] ? ours : null;
    },
  },
  'checkout.create': {
    query: 'checkout.get',
    parameters: byOrder,
    find: (found, request) => {
      const { transactionStatus, ...checkout } = record(found);
      return agrees(checkout, request, 'amount') ? { ...checkout, status: transactionStatus } : null;
    },
  },
};
