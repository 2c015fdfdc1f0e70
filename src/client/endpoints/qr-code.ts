import { z } from 'zod';
import { defineEndpoint, defineList } from './definition.ts';
import { listedPayment, optional, optionalText, type TimeField, text } from './reply-fields.ts';
import {
  amount,
  appName,
  byOrder,
  customerName,
  email,
  MAX_AMOUNT,
  orderId,
  paymentsQuery,
  remark,
  webAddress,
} from './request-fields.ts';

/** PHP 20.00, the minimum of a code with an amount. */
const MIN_QR_AMOUNT = 2000;

const common = {
  appName: appName.optional(),
  mchOrderId: orderId.describe('Unique for the merchant.'),
  customerName,
  callbackUrl: webAddress(256)
    .optional()
    .describe('Where the callback is sent. Default: the address of the back office.'),
  email: email.optional(),
  remark: remark.optional(),
};

/** The reply of 5.1, 5.2, 5.4 and 5.6. */
const qrCodeReply = (time: TimeField) =>
  z.looseObject({
    mchOrderId: text,
    qrcodeId: text,
    qrcodeContent: optionalText,
    channelCode: optionalText,
    callbackUrl: optionalText,
    createTime: optional(time),
    updateTime: optional(time),
    remark: optionalText,
    status: optionalText.describe('ACTIVE, INACTIVE, CANCEL.'),
    qrLink: optionalText,
  });

/** Menu 5. https://doc.paycools.com/Qrcode/CreateQrcode.html */
export const qrCode = {
  create: defineEndpoint({
    menu: '5.1',
    title: 'Create QR Code',
    source: 'https://doc.paycools.com/Qrcode/CreateQrcode.html',
    path: '/api/v1/qrcode',
    effect: 'create',
    needsAppName: true,
    request: z.discriminatedUnion('channelCode', [
      z.strictObject({
        ...common,
        channelCode: z.literal('QRPH_STATIC_QR').describe('A code that can be paid any number of times.'),
      }),
      z.strictObject({
        ...common,
        channelCode: z.literal(['QRPH_DYNAMIC_QR', 'QRPH_HYBRID_QR']).describe('A code with an amount.'),
        amount: amount(MIN_QR_AMOUNT, MAX_AMOUNT),
        expireSeconds: z.int().min(60).max(3600).optional().describe('How long the code can be paid, in seconds.'),
      }),
    ]),
    reply: qrCodeReply,
  }),
  get: defineEndpoint({
    menu: '5.2',
    title: 'Get QR Code Detail',
    source: 'https://doc.paycools.com/Qrcode/GetQrcodeInfo.html',
    http: 'GET',
    path: '/api/v1/qrcode/{mchOrderId}',
    pathStatus: 'unconfirmed',
    effect: 'read',
    request: byOrder,
    reply: qrCodeReply,
  }),
  payments: defineList({
    menu: '5.3',
    title: 'Get QR Code Payments',
    source: 'https://doc.paycools.com/Qrcode/GetQrcodePayments.html',
    http: 'GET',
    path: '/api/v1/qrcode/{mchOrderId}/payments',
    effect: 'read',
    request: z.strictObject(paymentsQuery),
    row: listedPayment,
  }),
  cancel: defineEndpoint({
    menu: '5.4',
    title: 'Cancel QR Code',
    source: 'https://doc.paycools.com/Qrcode/CancelQrcode.html',
    path: '/api/v1/qrcode/cancel',
    effect: 'change',
    request: byOrder,
    reply: qrCodeReply,
  }),
  update: defineEndpoint({
    menu: '5.6',
    title: 'Update QR Code',
    source: 'https://doc.paycools.com/Qrcode/UpdateQrcode.html',
    path: '/api/v1/qrcode/update',
    effect: 'change',
    request: z.strictObject({
      mchOrderId: orderId,
      customerName,
      callbackUrl: webAddress(256).optional().describe('New address for callbacks.'),
      email: email.optional(),
      remark: remark.optional(),
    }),
    reply: qrCodeReply,
  }),
};
