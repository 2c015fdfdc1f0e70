import type { PaycoolsClient } from '../client/index.ts';
import type { Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { JsonRecord } from '../core/json.ts';
import { parsePaycoolsTime } from '../core/time.ts';
import { readStatusWord } from '../products/statuses.ts';

/** What PayCools reports about one transaction or refund, whichever call returned it. */
export type Row = {
  readonly subject: Subject;
  /** The family, if the call implies it. */
  readonly product: string | null;
  readonly merchantOrderId: string | null;
  readonly rawStatus: string;
  /** Null if the status word is unknown. */
  readonly status: Status | null;
  /** Null if PayCools names none. */
  readonly currency: string | null;
  /** Integer centavos; null if the call returns none. */
  readonly amount: number | null;
  readonly channelCode: string | null;
  /** ISO 8601 in UTC. */
  readonly createdAt: string | null;
  readonly completedAt: string | null;
  /** The same values under the field names of a callback, to build an event from. */
  readonly fields: JsonRecord;
};

/** A row that cannot be read, with the ids found in it. */
export type OddRow = {
  /** The family, if the call implies it. */
  readonly product: string | null;
  /** Stays the same when the row is listed again. */
  readonly key: string;
  /** Null if the row names none. */
  readonly transactionId: string | null;
  readonly merchantOrderId: string | null;
  /** Which members are wrong and what was expected, without their values. */
  readonly reason: string;
};

type Maybe<Value> = Value | null | undefined;

/** What the calls about a transaction return, under the field names of a callback. Times as the client returns them. */
type TransactionResult = {
  readonly transactionId: string;
  readonly mchOrderId?: Maybe<string>;
  readonly amount?: Maybe<number>;
  readonly currency?: Maybe<string>;
  readonly transactionStatus: string;
  readonly channelCode?: Maybe<string>;
  readonly createTime?: Maybe<string>;
  readonly returnTime?: Maybe<string>;
  readonly remark?: Maybe<string>;
  readonly failedCode?: Maybe<string | number>;
  readonly failedMessage?: Maybe<string>;
  readonly checkoutId?: Maybe<string>;
};

/** The client leaves an unreadable time as written (docs/paycools.md 9); it becomes null here. */
const readTime = (text: Maybe<string>): string | null => parsePaycoolsTime(text ?? '', 'UTC');

const pickFields = <Name extends string>(
  answer: Readonly<Partial<Record<Name, Maybe<string | number>>>>,
  names: readonly Name[],
): JsonRecord => Object.fromEntries(names.map((name) => [name, answer[name] ?? null]));

const TRANSACTION_FIELDS = [
  'transactionId',
  'mchOrderId',
  'amount',
  'transactionStatus',
  'channelCode',
  'createTime',
  'returnTime',
  'remark',
  'failedCode',
  'failedMessage',
] as const;

export const transactionRow = (product: string | null, answer: TransactionResult): Row => ({
  subject: { kind: 'transaction', id: answer.transactionId },
  product,
  merchantOrderId: answer.mchOrderId ?? null,
  rawStatus: answer.transactionStatus,
  status: readStatusWord(answer.transactionStatus),
  amount: answer.amount ?? null,
  currency: answer.currency ?? null,
  channelCode: answer.channelCode ?? null,
  createdAt: readTime(answer.createTime),
  completedAt: readTime(answer.returnTime),
  fields: {
    ...pickFields(answer, TRANSACTION_FIELDS),
    ...(answer.checkoutId == null ? {} : { checkoutId: answer.checkoutId }),
  },
});

/** What the refund query returns about one refund. */
type RefundResult = Awaited<ReturnType<PaycoolsClient['refund']['payments']>>[number];

const REFUND_FIELDS = [
  'mchRefundOrderId',
  'originalTransactionId',
  'refundTransactionId',
  'refundAmount',
  'feeRefunded',
  'refundStatus',
  'refundCreateTime',
  'refundReturnTime',
  'refundReason',
  'failedCode',
  'failedMessage',
] as const;

export const refundRow = (answer: RefundResult): Row => ({
  subject: { kind: 'refund', id: answer.refundTransactionId },
  product: 'refund',
  merchantOrderId: answer.mchRefundOrderId ?? null,
  rawStatus: answer.refundStatus,
  status: readStatusWord(answer.refundStatus),
  amount: answer.refundAmount,
  currency: null,
  channelCode: null,
  createdAt: readTime(answer.refundCreateTime),
  completedAt: readTime(answer.refundReturnTime),
  fields: pickFields(answer, REFUND_FIELDS),
});
