import { z } from 'zod';
import { defineEndpoint } from './definition.ts';
import {
  centavos,
  optional,
  optionalText,
  type TimeField,
  text,
  transactionStatus,
  undocumented,
} from './reply-fields.ts';
import {
  amount,
  appName,
  channelCode,
  customerName,
  email,
  localMobile,
  orderId,
  paycoolsId,
  remark,
  webAddress,
} from './request-fields.ts';

/** The reply of 7.2 and 10.6. */
export const paymentStatusReply = (time: TimeField) =>
  z.looseObject({
    mchOrderId: text,
    transactionId: text,
    amount: centavos,
    transactionStatus,
    createTime: optional(time),
    returnTime: optional(time),
    appName: optionalText,
    customerName: optionalText,
    channelCode: optionalText,
    email: optionalText,
    mobile: optionalText,
    remark: optionalText,
    callbackUrl: optionalText,
  });

/** Menu 7. https://doc.paycools.com/Payment/Collection.html */
export const webPayment = {
  create: defineEndpoint({
    menu: '7.1',
    title: 'Create Web Payment',
    source: 'https://doc.paycools.com/Payment/Collection.html',
    path: '/api/v1/payment',
    effect: 'create',
    needsAppName: true,
    request: z.strictObject({
      appName: appName.optional(),
      mchOrderId: orderId.describe('Unique for the merchant.'),
      amount: amount(100, 5_000_000),
      channelCode,
      email,
      mobile: localMobile,
      callbackUrl: webAddress(100).describe('Where the callback is sent.'),
      redirectUrl: webAddress(100).describe('Where the customer returns to.'),
      customerName: customerName.optional(),
      remark: remark.optional(),
    }),
    reply: (time) =>
      z.looseObject({
        redirectUrl: text.describe('Where the customer pays. Valid for an hour.'),
        transactionStatus: optional(transactionStatus),
        transactionId: text.describe('Keep it: there is no query by mchOrderId.'),
        transactionAmount: optional(centavos),
        expiresTime: optional(time),
      }),
  }),
  status: defineEndpoint({
    menu: '7.2',
    title: 'Check Web Payment Status',
    source: 'https://doc.paycools.com/Payment/RequestCollectionStatus.html',
    http: 'GET',
    path: '/api/v1/payment/{transactionId}',
    isPathSigned: true,
    effect: 'read',
    request: z.strictObject({ transactionId: paycoolsId }),
    reply: paymentStatusReply,
  }),
  channels: defineEndpoint({
    menu: '7.3',
    title: 'Web Payment Channels',
    source: 'https://docs.paycools.com.ph',
    http: 'GET',
    path: '/api/v1/payment/channels',
    pathStatus: 'unconfirmed',
    effect: 'read',
    request: z.strictObject({}),
    reply: () => undocumented,
  }),
};
