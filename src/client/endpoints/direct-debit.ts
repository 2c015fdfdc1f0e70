import { z } from 'zod';
import { defineEndpoint, envelopeCall } from './definition.ts';
import { optional, optionalText, orEmpty, text, transactionStatus } from './reply-fields.ts';
import {
  amount,
  appName,
  callbackUrl,
  channelCode,
  countryCode,
  customerName,
  email,
  MAX_AMOUNT,
  mobile,
  orderId,
  paycoolsId,
  redirectUrl,
  remark,
} from './request-fields.ts';
import { paymentStatusReply } from './web-payment.ts';

const userId = z.string().min(1).max(64).describe('Your own id of the customer.');
const payToken = z.string().min(1).max(512).describe('Token of the authorization. A credential: never log it.');

/** Paths and style are guesses modelled on menu 9. Fields come from one customer's and from the global documentation. */
const shared = { ...envelopeCall, pathStatus: 'unconfirmed' } as const;

/** Menu 10. https://docs.paycools.com/en/v2/DirectDebit/Prepare.html, https://jtdoc.paycools.com/DirectDebit/Pay.html */
export const directDebit = {
  createAuthorization: defineEndpoint({
    ...shared,
    menu: '10.1',
    title: 'Create Authorization Link',
    source: 'https://docs.paycools.com/en/v2/DirectDebit/Prepare.html',
    path: '/api/v2/direct/debit/token/apply',
    effect: 'create',
    request: z.strictObject({
      userId,
      requestId: z.string().min(1).max(64).describe('Your own id of the authorization.'),
      channelCode,
      countryCode,
      terminalType: z.enum(['WEB', 'WAP']).describe('Where the customer authorizes: on a desktop or a phone.'),
      osType: z.string().min(1).optional().describe('Operating system of the phone.'),
      notifyUrl: callbackUrl,
      redirectUrl,
    }),
    reply: () =>
      z.looseObject({ userId: optionalText, requestId: optionalText, channelCode: optionalText, authUrl: text }),
  }),
  authorizationStatus: defineEndpoint({
    ...shared,
    menu: '10.2',
    title: 'Check Authorization Status',
    source: 'https://jtdoc.paycools.com/DirectDebit/TokenQuery.html',
    path: '/api/v2/direct/debit/token/query',
    effect: 'read',
    request: z.strictObject({ userId, payToken: payToken.optional() }),
    reply: (time) =>
      z
        .looseObject({
          tokenList: z
            .array(
              z.looseObject({
                channelcode: optionalText,
                paytoken: text,
                tokenStatus: optionalText.describe('ACTIVED, INACTIVED (sic).'),
                expiresTime: optional(time),
                inactiveTime: optional(time),
                inactiveType: optionalText,
              }),
            )
            .nullish(),
        })
        .nullish()
        .transform((data) => ({ ...data, tokenList: data?.tokenList ?? [] })),
  }),
  cancelAuthorization: defineEndpoint({
    ...shared,
    menu: '10.3',
    title: 'Cancel Authorization',
    source: 'https://docs.paycools.com/en/v2/DirectDebit/Prepare.html',
    path: '/api/v2/direct/debit/token/cancel',
    effect: 'change',
    request: z.strictObject({ userId, payToken }),
    reply: () => orEmpty(z.looseObject({ tokenStatus: optionalText })),
  }),
  createPayment: defineEndpoint({
    ...shared,
    menu: '10.5',
    title: 'Create Payment',
    source: 'https://jtdoc.paycools.com/DirectDebit/Pay.html',
    path: '/api/v2/direct/debit/pay',
    effect: 'create',
    needsAppName: true,
    request: z.strictObject({
      appName: appName.optional(),
      mchOrderId: orderId,
      amount: amount(1, MAX_AMOUNT),
      channelCode,
      payToken,
      callbackUrl,
      customerName: customerName.optional(),
      email: email.optional(),
      mobile: mobile.optional(),
      remark: remark.optional(),
    }),
    reply: () =>
      z.looseObject({
        mchOrderId: optionalText,
        transactionId: text,
        transactionStatus: optional(transactionStatus),
        channelType: optionalText,
        channelCode: optionalText,
      }),
  }),
  paymentStatus: defineEndpoint({
    ...shared,
    menu: '10.6',
    title: 'Check Payment Status',
    source: 'https://jtdoc.paycools.com/DirectDebit/PayDetail.html',
    path: '/api/v2/direct/debit/query',
    effect: 'read',
    request: z.strictObject({ transactionId: paycoolsId }),
    reply: paymentStatusReply,
  }),
};
