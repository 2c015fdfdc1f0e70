import { z } from 'zod';
import type { Status } from '../core/event.ts';
import type { JsonRecord } from '../core/json.ts';
import { type Amount, amountOf, amountSchema } from '../core/money.ts';
import { parsePaycoolsTime } from '../core/time.ts';
import { type Example, type Facts, type Notification, type ReadContext, reader } from './definition.ts';
import { readFailure } from './failures.ts';
import {
  anything,
  centavos,
  code,
  currencyCode,
  failureCode,
  freeText,
  identifier,
  lenient,
  statusText,
  timeText,
} from './fields.ts';
import { paymentStatusRules } from './statuses.ts';

/**
 * The members that every payment's callback has. Only those that an event cannot do without are required.
 *
 * @see docs/paycools.md 4.1 and 4.4, the line "Need"
 */
export const paymentShape = {
  mchOrderId: identifier,
  transactionId: identifier,
  amount: centavos,
  currency: lenient(currencyCode),
  transactionStatus: anything,
  channelCode: lenient(code),
  createTime: lenient(timeText),
  returnTime: lenient(timeText),
  failedCode: lenient(failureCode),
  failedMessage: lenient(freeText),
  remark: lenient(freeText),
};

type PaymentFields = z.infer<z.ZodObject<typeof paymentShape>>;

/** `closed`: PayCools lists CLOSED among its codes, but does not document which events carry it. */
export const paymentStatuses = ['succeeded', 'failed', 'pending', 'closed'] as const satisfies readonly Status[];

export const readTime = (text: string | undefined, { timeZone }: Pick<ReadContext, 'timeZone'>): string | null =>
  text === undefined ? null : parsePaycoolsTime(text, timeZone);

/** An optional amount in the currency of the payment. */
export const optionalAmount = (
  minor: number | undefined,
  { currency = 'PHP' }: { currency?: string | undefined },
): Amount | null => (minor === undefined ? null : amountOf(minor, currency));

/** The facts of a payment, with the `details` of its family. */
export const paymentFacts = (fields: PaymentFields, context: ReadContext, details: Facts['details']): Facts => ({
  subject: { kind: 'transaction', id: fields.transactionId },
  subjectText: fields.transactionId,
  rawStatus: statusText(fields.transactionStatus),
  merchantOrderId: fields.mchOrderId,
  transactionId: fields.transactionId,
  amount: amountOf(fields.amount, fields.currency ?? 'PHP'),
  channelCode: fields.channelCode ?? null,
  createdAt: readTime(fields.createTime, context),
  completedAt: readTime(fields.returnTime, context),
  failure: readFailure(fields.failedCode ?? null, fields.failedMessage ?? null),
  remark: fields.remark ?? null,
  details,
});

/** A body printed in PayCools's documentation. */
export const documentedExample = (fields: JsonRecord): Example => ({ fields, isDocumented: true });

/** A body made from the field tables, because PayCools's documentation prints none like it. */
export const syntheticExample = (fields: JsonRecord): Example => ({ fields, isDocumented: false });

/** The same payment, pending and closed: PayCools's documentation prints neither. */
const pendingAndClosed = ({ fields }: Example): Example[] =>
  ['PENDING', 'CLOSED'].map((transactionStatus) => syntheticExample({ ...fields, transactionStatus }));

/** For families without details. */
export const noDetails = z.object({});

type PaymentNotification = {
  readonly name?: string;
  readonly events: Notification['events'];
  readonly examples: readonly [Example, ...Example[]];
  /** By default it is read as a payment without details. */
  readonly read?: Notification['read'];
  readonly details?: z.ZodObject;
};

const readPayment = reader(z.looseObject(paymentShape), (fields, context) => paymentFacts(fields, context, {}));

/** The kind of notification that most families send: about one transaction, with an order and an amount. */
export const paymentNotification = (given: PaymentNotification): Notification => ({
  name: given.name ?? null,
  events: given.events,
  statusRules: paymentStatusRules,
  statuses: paymentStatuses,
  read: given.read ?? readPayment,
  details: given.details ?? noDetails,
  examples: [...given.examples, ...pendingAndClosed(given.examples[0])],
});

/** Schema of an amount in `details`. */
export const detailAmount = (description: string) => amountSchema.nullable().describe(description);

/** Schema of an id or code in `details`. */
export const detailText = (description: string) => z.string().nullable().describe(description);
