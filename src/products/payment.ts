import { z } from 'zod';
import type { Status } from '../core/event.ts';
import type { JsonRecord } from '../core/json.ts';
import { amountOf } from '../core/money.ts';
import { parsePaycoolsTime } from '../core/time.ts';
import { type Facts, type Notification, type ReadContext, reader } from './definition.ts';
import { readFailure } from './failures.ts';
import { centavos, currencyCode, failureCode, freeText, identifier, timeText } from './fields.ts';

/**
 * The members that the callback of every payment has. Required is only what an event cannot do without.
 *
 * @see PAYCOOLS.md 4.1 and 4.4, the line "Need"
 */
const paymentShape = {
  mchOrderId: identifier,
  transactionId: identifier,
  amount: centavos,
  currency: currencyCode.optional(),
  transactionStatus: identifier.optional(),
  channelCode: identifier.optional(),
  createTime: timeText.optional(),
  returnTime: timeText.optional(),
  failedCode: failureCode.optional(),
  failedMessage: freeText.optional(),
  remark: freeText.optional(),
};

const paymentStatuses = ['succeeded', 'failed', 'pending', 'closed'] as const satisfies readonly Status[];

const basePayment = z.looseObject(paymentShape);
type PaymentFields = z.infer<typeof basePayment>;

const readTime = (text: string | undefined, { timeZone }: ReadContext): string | null =>
  text === undefined ? null : parsePaycoolsTime(text, timeZone);

const toFacts = (fields: PaymentFields, context: ReadContext, details: Facts['details']): Facts => ({
  subject: { kind: 'transaction', id: fields.transactionId },
  statusWord: fields.transactionStatus ?? null,
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

type PaymentNotification = {
  readonly events: Notification['events'];
  readonly examples: Readonly<Record<string, JsonRecord>>;
};

/** The notification of a payment, as most families send it: about one transaction, with an order and an amount. */
export const paymentNotification = ({ events, examples }: PaymentNotification): Notification => ({
  name: null,
  events,
  statuses: paymentStatuses,
  read: reader(basePayment, (fields, context) => toFacts(fields, context, {})),
  details: z.object({}),
  examples,
});
