import { z } from 'zod';
import { defineEndpoint, defineList } from './definition.ts';
import { listedPayment, optionalText, orEmpty, text } from './reply-fields.ts';
import {
  amount,
  appName,
  byOrder,
  channelCode,
  channelCodes,
  day,
  email,
  MAX_AMOUNT,
  mobile,
  orderId,
  paymentsQuery,
} from './request-fields.ts';

/** Parameters that 4.1, 4.2 and 6.1 share. */
export const accountHolder = {
  appName: appName.optional(),
  mchOrderId: orderId.describe('Your own id of the payer or the bill.'),
  customerName: z.string().min(1).max(100).describe('Name of the payer.'),
  minAmount: amount(0, MAX_AMOUNT).optional().describe('Minimum amount of a payment.'),
  maxAmount: amount(0, MAX_AMOUNT).optional().describe('Maximum amount of a payment.'),
  mobile: mobile.min(11).optional(),
  description: z.string().min(1).optional().describe('What the payment is for.'),
  expireTime: day.optional().describe('Day on which the account expires. Default: never.'),
};

const vaShape = {
  mchOrderId: text,
  channelCode: optionalText,
  guideUrl: optionalText,
  referenceNumber: text,
  biller: optionalText,
};

const batchReply = () => z.looseObject({ shortLink: optionalText, paymentVaList: z.array(z.looseObject(vaShape)) });

/** Menu 4. https://doc.paycools.com/PaymentCode/GetStaticVACode.html */
export const virtualAccount = {
  create: defineEndpoint({
    menu: '4.1',
    title: 'Create Static Virtual Account',
    source: 'https://doc.paycools.com/PaymentCode/GetStaticVACode.html',
    path: '/api/v1/paymentCode',
    effect: 'create',
    needsAppName: true,
    request: z.strictObject({ ...accountHolder, email, channelCode }),
    reply: () => z.looseObject(vaShape),
  }),
  createBatch: defineEndpoint({
    menu: '4.2',
    title: 'Batch Create Static Virtual Account',
    source: 'https://doc.paycools.com/PaymentCode/GetBatchStaticVACode.html',
    path: '/api/v1/batch/paymentCode',
    effect: 'create',
    needsAppName: true,
    request: z.strictObject({ ...accountHolder, email, channelCode: channelCodes }),
    reply: batchReply,
  }),
  update: defineEndpoint({
    menu: '4.3',
    title: 'Update Static Virtual Account',
    source: 'https://doc.paycools.com/PaymentCode/UpdateBatchStaticVACode.html',
    path: '/api/v1/batch/paymentCode/{mchOrderId}/update',
    effect: 'change',
    request: z.strictObject({ mchOrderId: orderId, channelCode: channelCodes }),
    reply: batchReply,
  }),
  /** Not recommended by PayCools: 4.2 already returns a `shortLink`. */
  cashierUrl: defineEndpoint({
    menu: '4.4',
    title: 'Get Virtual Account Cashier Short Url',
    source: 'https://docs.paycools.com.ph',
    path: '/api/v1/paymentCode/shortUrl',
    pathStatus: 'unconfirmed',
    effect: 'read',
    request: byOrder,
    reply: () => orEmpty(z.looseObject({ shortLink: optionalText })),
  }),
  payments: defineList({
    menu: '4.5',
    title: "Get Virtual Account's Payments",
    source: 'https://github.com/xiujingyuan/framework-test',
    http: 'GET',
    path: '/api/v1/paymentCode/{mchOrderId}/payments',
    pathStatus: 'seen',
    effect: 'read',
    request: z.strictObject({ ...paymentsQuery, channelCode: channelCodes.optional() }),
    row: listedPayment,
  }),
  cancel: defineEndpoint({
    menu: '4.7',
    title: 'Cancel Static Virtual Account',
    source: 'https://doc.paycools.com/PaymentCode/CancelStaticVACode.html',
    path: '/api/v1/paymentCode/cancel',
    effect: 'change',
    request: byOrder,
    reply: () => z.looseObject({ paymentVaList: z.array(z.looseObject({ ...vaShape, status: optionalText })) }),
  }),
};
