import { z } from 'zod';
import type { Status } from '../../core/event.ts';
import type { Subject } from '../../core/event-id.ts';
import { amountOf } from '../../core/money.ts';
import { defineProduct, type Facts, type ReadContext, reader } from '../definition.ts';
import { readFailure } from '../failures.ts';
import {
  anything,
  centavos,
  currencyCode,
  failureCode,
  freeText,
  identifier,
  lenient,
  statusText,
  timeText,
} from '../fields.ts';
import { detailAmount, detailText, documentedExample, optionalAmount, readTime, syntheticExample } from '../payment.ts';
import { paymentStatusRules } from '../statuses.ts';

type Ids = { readonly refundTransactionId?: string | undefined; readonly mchRefundOrderId?: string | undefined };

/**
 * A refund is one subject with two names: PayCools's id and the merchant's, which is also unique (docs/paycools.md 6, code
 * 1515). A callback has one of them or both.
 */
const subjectsOf = ({ refundTransactionId, mchRefundOrderId }: Ids): readonly Subject[] => [
  ...(refundTransactionId === undefined ? [] : [{ kind: 'refund', id: refundTransactionId }]),
  ...(mchRefundOrderId === undefined ? [] : [{ kind: 'refund-order', id: mchRefundOrderId }]),
];

const fields = z
  .looseObject({
    mchRefundOrderId: lenient(identifier),
    refundTransactionId: lenient(identifier),
    originalTransactionId: identifier,
    refundAmount: centavos,
    feeRefunded: lenient(centavos),
    currency: lenient(currencyCode),
    refundStatus: anything,
    refundCreateTime: lenient(timeText),
    refundReturnTime: lenient(timeText),
    refundReason: lenient(freeText),
    failedCode: lenient(failureCode),
    failedMessage: lenient(freeText),
  })
  .transform((read, context) => {
    const [subject, ...aliases] = subjectsOf(read);
    if (subject !== undefined) return { ...read, subject, aliases };
    context.addIssue({
      code: 'custom',
      path: ['refundTransactionId'],
      message: 'is missing, and so is mchRefundOrderId',
    });
    return z.NEVER;
  });

const toFacts = (read: z.infer<typeof fields>, context: ReadContext): Facts => ({
  subject: read.subject,
  aliases: read.aliases,
  subjectText: read.subject.id,
  rawStatus: statusText(read.refundStatus),
  merchantOrderId: read.mchRefundOrderId ?? null,
  transactionId: read.refundTransactionId ?? null,
  amount: amountOf(read.refundAmount, read.currency ?? 'PHP'),
  channelCode: null,
  createdAt: readTime(read.refundCreateTime, context),
  completedAt: readTime(read.refundReturnTime, context),
  failure: readFailure(read.failedCode ?? null, read.failedMessage ?? null),
  remark: null,
  details: {
    originalTransactionId: read.originalTransactionId,
    refundTransactionId: read.refundTransactionId ?? null,
    merchantRefundOrderId: read.mchRefundOrderId ?? null,
    feeRefunded: optionalAmount(read.feeRefunded, read),
    refundReason: read.refundReason ?? null,
  },
});

const refunded = {
  eventName: 'payment.refund.success',
  mchRefundOrderId: 'CCP20220428011068111',
  refundTransactionId: 'C4X20220428011068485',
  originalTransactionId: 'R2022042801106815674',
  refundAmount: 10000,
  feeRefunded: 1000,
  refundStatus: 'COMPLETE',
  refundCreateTime: '2022-05-31 09:38:06',
  refundReturnTime: '2022-05-31 09:38:06',
  refundReason: 'refund reson',
};

export const refundStatuses = [
  'succeeded',
  'failed',
  'pending',
  'closed',
  'cancelled',
] as const satisfies readonly Status[];

/** What only refunds have. */
export const refundDetails = z.object({
  originalTransactionId: z.string().describe('The refunded payment.'),
  refundTransactionId: detailText("PayCools's id of the refund."),
  merchantRefundOrderId: detailText("The merchant's own id of the refund."),
  feeRefunded: detailAmount('The refunded fee.'),
  refundReason: detailText("The merchant's reason."),
});

/**
 * Money returned to a customer. The documented sample of a failure has the event name of a success, so the status word
 * takes precedence.
 *
 * @see docs/paycools.md 4.7 (https://doc.paycools.com/Refund/1.4RefundCallback.html)
 */
export const refund = defineProduct({
  product: 'refund',
  title: 'Refund',
  menu: '8.3',
  notifications: [
    {
      name: null,
      events: {
        'payment.refund.success': 'succeeded',
        'payment.refund.failed': 'failed',
        'payment.refund.cancel': 'cancelled',
      },
      statusRules: paymentStatusRules,
      statuses: refundStatuses,
      read: reader(fields, toFacts),
      details: refundDetails,
      examples: [
        documentedExample(refunded),
        documentedExample({
          ...refunded,
          refundStatus: 'FAILED',
          failedCode: -10009,
          failedMessage: 'Channel Refund Failed',
        }),
        syntheticExample({ ...refunded, refundStatus: 'PENDING' }),
        syntheticExample({ ...refunded, refundStatus: 'CLOSED' }),
        syntheticExample({ ...refunded, eventName: 'payment.refund.cancel', refundStatus: 'CANCEL' }),
      ],
    },
  ],
});
