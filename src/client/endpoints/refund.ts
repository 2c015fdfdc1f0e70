import { z } from 'zod';
import { defineEndpoint, defineList } from './definition.ts';
import { centavos, failureCode, id, optional, optionalId, optionalText, text } from './reply-fields.ts';
import { amount, callbackUrl, MAX_AMOUNT, orderId, paycoolsId } from './request-fields.ts';

/** Menu 8. https://docs.paycools.com.ph/en/281925072e0, https://doc.paycools.com/Refund/1.2GetRefundInfo.html */
export const refund = {
  create: defineEndpoint({
    menu: '8.1',
    title: 'Create Refund',
    source: 'https://docs.paycools.com.ph/en/281925072e0',
    path: '/api/payment/refund',
    effect: 'create',
    request: z.strictObject({
      mchRefundOrderId: orderId.describe('Unique for the merchant.'),
      originalTransactionId: paycoolsId.describe('Transaction id of the payment.'),
      refundAmount: amount(1, MAX_AMOUNT).describe('At most what has not been refunded yet. PHP 500.10 is 50010.'),
      refundReason: z.string().min(1).optional().describe('Reason, as free text.'),
      refundCallbackUrl: callbackUrl,
    }),
    reply: (time) =>
      z.looseObject({
        mchRefundOrderId: optionalText,
        refundTransactionId: text,
        refundAmount: optional(centavos),
        refundCreateTime: optional(time),
        refundStatus: optionalText.describe('PENDING, COMPLETE, FAILED.'),
      }),
  }),
  payments: defineList({
    menu: '8.2',
    title: 'Get Refund Payments',
    source: 'https://doc.paycools.com/Refund/1.2GetRefundInfo.html',
    http: 'GET',
    path: '/api/refund/payments',
    effect: 'read',
    request: z.union(
      [
        z.strictObject({
          originalTransactionId: paycoolsId.describe('All refunds of this payment.'),
          refundTransactionId: z.undefined().optional(),
        }),
        z.strictObject({
          refundTransactionId: paycoolsId.describe('This refund.'),
          originalTransactionId: z.undefined().optional(),
        }),
      ],
      'give originalTransactionId or refundTransactionId, one of the two',
    ),
    row: (time) =>
      z.looseObject({
        mchRefundOrderId: optionalId,
        originalTransactionId: id,
        refundTransactionId: id,
        refundAmount: centavos,
        feeRefunded: optional(centavos),
        refundStatus: id.describe('PENDING, COMPLETE, FAILED.'),
        refundCreateTime: optional(time),
        refundReturnTime: optional(time),
        refundReason: optionalText,
        failedCode: failureCode,
        failedMessage: optionalText,
      }),
  }),
};
