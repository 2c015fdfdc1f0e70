import type { UnreadableRow } from '../client/index.ts';
import { opaqueId } from '../core/event-id.ts';
import type { OddRow, Row } from './row.ts';

/** The members that hold the ids of a row. Each list has its own names for them. */
const TRANSACTION_IDS = ['refundTransactionId', 'transactionId'] as const;
const ORDER_IDS = ['mchRefundOrderId', 'merchantOrderId', 'mchOrderId'] as const;

const ID = /^[^\p{C}]{1,128}$/u;

const findId = (row: unknown, names: readonly string[]): string | null => {
  const fields: Readonly<Record<string, unknown>> = typeof row === 'object' && row !== null ? { ...row } : {};
  const values = names.map((name) => fields[name]).map((value) => (typeof value === 'number' ? String(value) : value));
  return values.find((value): value is string => typeof value === 'string' && ID.test(value)) ?? null;
};

/** Describes a row that the client could not read, with the ids found in it. */
export const describeUnreadable = (product: string | null, { row, problems }: UnreadableRow): OddRow => ({
  product,
  key: opaqueId(JSON.stringify(row)),
  transactionId: findId(row, TRANSACTION_IDS),
  merchantOrderId: findId(row, ORDER_IDS),
  reason: problems.join('; '),
});

/** Only a single word is shown as a status: any other text may contain personal data. */
const WORD = /^\w{1,40}$/;

/** A row with an unknown status word is unreadable: guessing could turn a failure into a success. */
const describeUnknownStatus = ({ product, subject, merchantOrderId, rawStatus }: Row): OddRow => ({
  product,
  key: opaqueId(`${subject.kind} ${subject.id} ${rawStatus}`),
  transactionId: subject.id,
  merchantOrderId,
  reason: `status: ${WORD.test(rawStatus) ? `${rawStatus} is not a known word` : 'is not a known word'}`,
});

/** Separates the rows that can be compared from those with an unknown status word. */
export const splitOddRows = (
  rows: readonly Row[],
): { readonly rows: readonly Row[]; readonly odd: readonly OddRow[] } => ({
  rows: rows.filter(({ status }) => status !== null),
  odd: rows.filter(({ status }) => status === null).map(describeUnknownStatus),
});
