import { z } from 'zod';
import { describeIssues } from '../../core/describe-issues.ts';
import { amountOf } from '../../core/money.ts';
import { fail, ok } from '../../core/result.ts';
import { defineProduct, reader } from '../definition.ts';
import { centavos, identifier, lenient, timeText } from '../fields.ts';
import {
  detailText,
  documentedExample,
  paymentFacts,
  paymentNotification,
  paymentShape,
  readTime,
  syntheticExample,
} from '../payment.ts';
import type { PaymentVerificationDefinition } from '../payment-verification.ts';

const fields = z
  .looseObject({
    ...paymentShape,
    mchOrderId: lenient(identifier),
    aggregateOrderId: lenient(identifier),
    codeMchOrderId: lenient(identifier),
    paymentCode: lenient(identifier),
    referenceNumber: lenient(identifier),
  })
  .transform((read, context) => {
    const mchOrderId = read.mchOrderId ?? read.aggregateOrderId;
    if (mchOrderId !== undefined) return { ...read, mchOrderId };
    context.addIssue({ code: 'custom', path: ['mchOrderId'], message: 'is missing, and so is aggregateOrderId' });
    return z.NEVER;
  });

const paid = documentedExample({
  amount: 50000,
  channelCode: '7ELEVEN_STATIC_VA',
  codeMchOrderId: 'PCP000000100000802',
  createTime: '2023-02-14 17:12:33',
  eventName: 'payment.success',
  mchOrderId: 'RP20230214000802001',
  paymentCode: 'PC0005O10000165',
  returnTime: '2023-02-14 17:13:05',
  transactionId: 'C1184676365953162412',
  transactionStatus: 'COMPLETE',
});

const verificationFields = z.looseObject({
  mchOrderId: identifier,
  referenceNumber: identifier,
  amount: centavos,
  mobile: lenient(identifier),
  createTime: lenient(timeText),
});

/**
 * PayCools's synchronous request whether a payment may be collected.
 *
 * @see docs/paycools.md 4.3 (https://doc.paycools.com/PaymentCode/RepaymentVerificationAPI.html)
 */
const paymentVerification: PaymentVerificationDefinition = {
  eventName: 'payment.verification',
  read: (body, timeZone) => {
    const parsed = verificationFields.safeParse(body);
    if (!parsed.success) return fail(describeIssues(parsed.error).join('; '));
    const { mchOrderId: merchantOrderId, referenceNumber, amount, mobile = null, createTime } = parsed.data;
    const createdAt = readTime(createTime, { timeZone });
    return ok({ merchantOrderId, referenceNumber, amount: amountOf(amount, 'PHP'), mobile, createdAt });
  },
  identity: ['mchOrderId', 'referenceNumber', 'amount', 'mobile', 'createTime'],
  example: {
    eventName: 'payment.verification',
    mchOrderId: 'CCVA1653350151938813',
    referenceNumber: 'PCLAC1000000001',
    amount: 503700,
    mobile: '0912345678',
    createTime: '2022-05-31 09:38:06',
  },
};

/** What only virtual accounts have. */
export const virtualAccountDetails = z.object({
  paymentCode: detailText('The code that the payer used: paymentCode or referenceNumber.'),
  codeMerchantOrderId: detailText('codeMchOrderId: probably the order with which the code was created.'),
});

/**
 * Bills payment: a customer pays a code at a counter or in a wallet. One code takes many payments, so a payment is
 * identified by its transaction, not by its order.
 *
 * @see docs/paycools.md 4.2 (https://developers.paycools.co.id/en/payment/VANotification.html)
 */
export const virtualAccount = defineProduct({
  product: 'virtual-account',
  title: 'Virtual account (bills payment)',
  menu: '4.8',
  channels: [/_VA$/],
  paymentVerifications: [paymentVerification],
  notifications: [
    paymentNotification({
      events: { 'payment.success': 'succeeded', 'payment.failed': 'failed' },
      read: reader(fields, (read, context) =>
        paymentFacts(read, context, {
          paymentCode: read.paymentCode ?? read.referenceNumber ?? null,
          codeMerchantOrderId: read.codeMchOrderId ?? null,
        }),
      ),
      details: virtualAccountDetails,
      examples: [paid, syntheticExample({ ...paid.fields, eventName: 'payment.failed', transactionStatus: 'FAILED' })],
    }),
  ],
});
