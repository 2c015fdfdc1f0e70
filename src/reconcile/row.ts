import type { PaycoolsClient } from '../client/index.ts';
import type { Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { JsonRecord } from '../core/json.ts';
import { parsePaycoolsTime } from '../core/time.ts';
import { readStatusWord } from '../products/statuses.ts';

/** What PayCools reports about one transaction or refund, whichever call returned it. */
export type Row = {
  readonly subject: Subject;
  /** The family, where the call that it came from names it. */
  readonly product: string | null;
  readonly merchantOrderId: string | null;
  readonly rawStatus: string;
  /** Null where the status word is not known. */
  readonly status: Status | null;
  /** Null where PayCools names none. */
  readonly currency: string | null;
  /** Integer centavos; null where the call has none. */
  readonly amount: number | null;
  readonly channelCode: string | null;
  /** ISO 8601 in UTC. */
  readonly createdAt: string | null;
  readonly completedAt: string | null;
  /** The same under the names of a callback, to make an event from. */
  readonly fields: JsonRecord;
};

/** A row that cannot be read, as far as it can be named. */
export type OddRow = {
  /** The family, where the call that it came from names it. */
  readonly product: string | null;
  /** What is the same when the row is listed again. */
  readonly key: string;
  /** Null where the row names none. */
  readonly transactionId: string | null;
  readonly merchantOrderId: string | null;
  /** Which members are wrong and what they must be, without their values. */
  readonly reason: string;
};

type Maybe<Value> = Value | null | undefined;

/** What the calls about a transaction return, under the names of a callback. Times as the client reads them. */
type TransactionAnswer = {
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

/** A time that could not be read stays as written (PAYCOOLS.md 9), and is not compared. */
const timeOf = (text: Maybe<string>): string | null => parsePaycoolsTime(text ?? '', 'UTC');

/** Members of an answer under the names of a callback, which are the same. */
const fieldsOf = <Name extends string>(
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

export const transactionRow = (product: string | null, answer: TransactionAnswer): Row => ({
  subject: { kind: 'transaction', id: answer.transactionId },
  product,
  merchantOrderId: answer.mchOrderId ?? null,
  rawStatus: answer.transactionStatus,
  status: readStatusWord(answer.transactionStatus),
  amount: answer.amount ?? null,
  currency: answer.currency ?? null,
  channelCode: answer.channelCode ?? null,
  createdAt: timeOf(answer.createTime),
  completedAt: timeOf(answer.returnTime),
  fields: {
    ...fieldsOf(answer, TRANSACTION_FIELDS),
    ...(answer.checkoutId == null ? {} : { checkoutId: answer.checkoutId }),
  },
});

/** What the refund query returns about one refund. */
type RefundAnswer = Awaited<ReturnType<PaycoolsClient['refund']['payments']>>[number];

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

export const refundRow = (answer: RefundAnswer): Row => ({
  subject: { kind: 'refund', id: answer.refundTransactionId },
  product: 'refund',
  merchantOrderId: answer.mchRefundOrderId ?? null,
  rawStatus: answer.refundStatus,
  status: readStatusWord(answer.refundStatus),
  amount: answer.refundAmount,
  currency: null,
  channelCode: null,
  createdAt: timeOf(answer.refundCreateTime),
  completedAt: timeOf(answer.refundReturnTime),
  fields: fieldsOf(answer, REFUND_FIELDS),
});
