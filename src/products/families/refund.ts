import { z } from 'zod';
import type { Status } from '../../core/event.ts';
import { amountOf } from '../../core/money.ts';
import { defineProduct, type Facts, type ReadContext, reader } from '../definition.ts';
import { readFailure } from '../failures.ts';
import { centavos, currencyCode, failureCode, freeText, identifier, timeText } from '../fields.ts';
import { detailAmount, detailText, documentedExample, optionalAmount, readTime, syntheticExample } from '../payment.ts';
import { paymentStatusByWord } from '../statuses.ts';

const fields = z
  .looseObject({
    mchRefundOrderId: identifier.optional(),
    refundTransactionId: identifier.optional(),
    originalTransactionId: identifier,
    refundAmount: centavos,
    feeRefunded: centavos.optional(),
    currency: currencyCode.optional(),
    refundStatus: identifier.optional(),
    refundCreateTime: timeText.optional(),
    refundReturnTime: timeText.optional(),
    refundReason: freeText.optional(),
    failedCode: failureCode.optional(),
    failedMessage: freeText.optional(),
  })
  .transform((read, context) => {
    const id = read.refundTransactionId ?? read.mchRefundOrderId;
    if (id !== undefined) return { ...read, id };
    context.addIssue({
      code: 'custom',
      path: ['refundTransactionId'],
      message: 'is missing, and so is mchRefundOrderId',
    });
    return z.NEVER;
  });

const toFacts = (read: z.infer<typeof fields>, context: ReadContext): Facts => ({
  subject: { kind: 'refund', id: read.id },
  subjectText: read.id,
  rawStatus: read.refundStatus ?? null,
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
  originalTransactionId: z.string().describe('The payment that is refunded.'),
  refundTransactionId: detailText("PayCools's id of the refund."),
  merchantRefundOrderId: detailText("The merchant's own id of the refund."),
  feeRefunded: detailAmount('The fee given back.'),
  refundReason: detailText('The reason that the merchant gave.'),
});

/**
 * Money given back to a customer. The documented failed sample keeps the event name of a success: the status decides.
 *
 * @see PAYCOOLS.md 4.7 (https://doc.paycools.com/Refund/1.4RefundCallback.html)
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
      otherEvents: null,
      statusByWord: paymentStatusByWord,
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
