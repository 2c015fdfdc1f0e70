import { z } from 'zod';
import type { JsonRecord } from '../core/json.ts';
import type { CallName } from './endpoints/table.ts';

/**
 * How the query of an order shows that its creation succeeded although the reply was lost. An order with a different
 * amount is an older one, so it does not match.
 */
export type Resolution = {
  readonly query: CallName;
  /** Turns the parameters of the creation into those of the query. */
  readonly parameters: (request: JsonRecord) => JsonRecord;
  /** Turns the query's result into the creation's reply; null if the order is not in it. */
  readonly toReply: (result: unknown, request: JsonRecord) => unknown;
};

const loose = z.looseObject({});
const record = (value: unknown): Readonly<Record<string, unknown>> => loose.safeParse(value).data ?? {};

const byOrder = ({ mchOrderId }: JsonRecord): JsonRecord => ({ mchOrderId: mchOrderId ?? null });

/** Whether PayCools reports the value that was sent, or none. */
const agrees = (result: Readonly<Record<string, unknown>>, request: JsonRecord, name: string): boolean =>
  result[name] === undefined || result[name] === null || result[name] === request[name];

/**
 * Creations whose lost reply can be replaced by a query. All others end with `outcome: "unknown"`: 7.1 and 10.5 have no
 * query by order, and no query returns what 4.1, 4.2 or 6.1 created.
 *
 * @see docs/paycools.md 9, "Idempotency and uniqueness"
 */
export const resolutions: Readonly<Partial<Record<CallName, Resolution>>> = {
  'payout.create': {
    query: 'payout.status',
    parameters: byOrder,
    toReply: (payout, request) => (agrees(record(payout), request, 'amount') ? payout : null),
  },
  'qrCode.create': {
    query: 'qrCode.get',
    parameters: byOrder,
    toReply: (code, request) => {
      const isSame = agrees(record(code), request, 'channelCode') && agrees(record(code), request, 'amount');
      return isSame ? code : null;
    },
  },
  'refund.create': {
    query: 'refund.payments',
    parameters: ({ originalTransactionId }) => ({ originalTransactionId: originalTransactionId ?? null }),
    toReply: (rows, request) => {
      const refunds = Array.isArray(rows) ? rows.map(record) : [];
      const ours = refunds.find(({ mchRefundOrderId }) => mchRefundOrderId === request['mchRefundOrderId']);
      return ours?.['refundAmount'] === request['refundAmount'] ? ours : null;
    },
  },
  'checkout.create': {
    query: 'checkout.get',
    parameters: byOrder,
    toReply: (result, request) => {
      const { transactionStatus, ...checkout } = record(result);
      return agrees(checkout, request, 'amount') ? { ...checkout, status: transactionStatus } : null;
    },
  },
};
