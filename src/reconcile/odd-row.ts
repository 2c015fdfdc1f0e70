import type { UnreadableRow } from '../client/index.ts';
import { opaqueId } from '../core/event-id.ts';
import type { OddRow, Row } from './row.ts';

/** The members that hold the ids of a row: lists use their own names. */
const TRANSACTION_IDS = ['refundTransactionId', 'transactionId'] as const;
const ORDER_IDS = ['mchRefundOrderId', 'merchantOrderId', 'mchOrderId'] as const;

const ID = /^[^\p{C}]{1,128}$/u;

const idIn = (row: unknown, names: readonly string[]): string | null => {
  const fields: Readonly<Record<string, unknown>> = typeof row === 'object' && row !== null ? { ...row } : {};
  const values = names.map((name) => fields[name]).map((value) => (typeof value === 'number' ? String(value) : value));
  return values.find((value): value is string => typeof value === 'string' && ID.test(value)) ?? null;
};

/** Describes a row that the client could not read, as far as possible. */
export const oddRowOf = (product: string | null, { row, problems }: UnreadableRow): OddRow => ({
  product,
  key: opaqueId(JSON.stringify(row)),
  transactionId: idIn(row, TRANSACTION_IDS),
  merchantOrderId: idIn(row, ORDER_IDS),
  reason: problems.join('; '),
});

/** A status word may be shown where it is one word; anything else may be a text about people. */
const WORD = /^\w{1,40}$/;

/** A row whose status word nobody knows: it is never taken for a success, nor for anything else. */
const unknownStatus = ({ product, subject, merchantOrderId, rawStatus }: Row): OddRow => ({
  product,
  key: opaqueId(`${subject.kind} ${subject.id} ${rawStatus}`),
  transactionId: subject.id,
  merchantOrderId,
  reason: `status: ${WORD.test(rawStatus) ? `${rawStatus} is not a known word` : 'is not a known word'}`,
});

/** Takes the rows whose status is unknown out of those that can be compared. */
export const splitRows = (
  rows: readonly Row[],
): { readonly rows: readonly Row[]; readonly odd: readonly OddRow[] } => ({
  rows: rows.filter(({ status }) => status !== null),
  odd: rows.filter(({ status }) => status === null).map(unknownStatus),
});
