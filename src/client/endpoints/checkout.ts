import { z } from 'zod';
import { defineEndpoint, OPEN_SUCCESS_CODES } from './definition.ts';
import { centavos, open, optional, optionalText, orEmpty, text } from './reply-fields.ts';
import {
  amount,
  appName,
  customerName,
  MAX_AMOUNT,
  mobile,
  orderId,
  paycoolsId,
  remark,
  webAddress,
} from './request-fields.ts';

const item = z.strictObject({
  name: z.string().min(1),
  price: amount(0, MAX_AMOUNT),
  quantity: z.int().min(1),
  sku: z.string().optional(),
  url: z.string().optional(),
  category: z.string().optional(),
});

/** Members as a public integration sends them (https://github.com/leafardnait/stripeadmin). */
const address = z.strictObject({
  name: z.string().optional(),
  customerName: z.string().optional(),
  addressLine1: z.string().optional(),
  addressLine2: z.string().optional(),
  city: z.string().optional(),
  province: z.string().optional(),
  postCode: z.string().optional(),
  email: z.string().optional(),
  mobile: z.string().optional(),
  countryCode: z.string().optional(),
  redirectUrl: z.string().optional(),
});

const createRequest = z.strictObject({
  mchOrderId: orderId,
  countryCode: z.string().length(2).default('PH'),
  currency: z.string().length(3).default('PHP'),
  settlementCurrency: z.string().length(3).default('PHP'),
  amount: amount(1, MAX_AMOUNT),
  customerName,
  email: z.string().min(1),
  mobile,
  notifyUrl: webAddress(256).describe('Where the callback goes.'),
  redirectUrl: webAddress(512),
  expireSeconds: z.int().min(1).optional(),
  channelTypeList: z.array(z.enum(['QR', 'ONLINE_BANKING', 'EWALLET', 'BANK_TRANSFER', 'CARD', 'PAYLATER'])).optional(),
  channelCodeList: z.array(z.string().min(1)).optional(),
  language: z.string().min(1).optional(),
  userId: z.string().min(1).optional(),
  remark: remark.optional(),
  merchantLogo: webAddress(512).optional(),
  appName: appName.optional(),
  goodsDetails: z.array(item).optional().describe('Needed with PAYLATER.'),
  billingAddress: address.optional().describe('Needed with PAYLATER.'),
  shippingAddress: address.optional(),
});

const oneCheckout = z.strictObject({ mchOrderId: orderId, checkoutId: paycoolsId.optional() });

const shared = {
  http: 'POST',
  pathStatus: 'seen',
  style: 'envelope',
  hasTimestamp: true,
  successCodes: OPEN_SUCCESS_CODES,
  source: 'https://docs.paycools.com/en/v2/checkout/Checkout.html',
} as const;

/** Menu 9: an envelope. https://docs.paycools.com/en/v2/checkout/Checkout.html (of the global family) */
export const checkout = {
  channels: defineEndpoint({
    ...shared,
    menu: '9.1',
    title: 'Query the channels supported by the cashier counter',
    path: '/api/v2/checkout/channel',
    effect: 'read',
    request: z.strictObject({ countryCode: z.string().length(2).default('PH') }),
    reply: () => open,
  }),
  create: defineEndpoint({
    ...shared,
    menu: '9.2',
    title: 'Create the checkout counter',
    path: '/api/v2/checkout/generate',
    effect: 'create',
    request: createRequest,
    reply: (time) =>
      z.looseObject({
        checkoutId: text,
        checkoutUrl: optionalText.describe('Missing where a lost reply was resolved by 9.3, which has none.'),
        status: optionalText,
        expiresTime: optional(time),
      }),
  }),
  get: defineEndpoint({
    ...shared,
    menu: '9.3',
    title: 'Check the cashier counter',
    path: '/api/v2/checkout/query',
    effect: 'read',
    request: oneCheckout,
    reply: (time) =>
      z.looseObject({
        mchOrderId: optionalText,
        checkoutId: optionalText,
        transactionId: optionalText,
        amount: optional(centavos),
        transactionStatus: text,
        createTime: optional(time),
        returnTime: optional(time),
        appName: optionalText,
        channelCode: optionalText,
        remark: optionalText,
        callbackUrl: optionalText,
      }),
  }),
  close: defineEndpoint({
    ...shared,
    menu: '9.4',
    title: 'Close the cashier counter',
    path: '/api/v2/checkout/close',
    effect: 'change',
    request: oneCheckout,
    reply: () => orEmpty(z.looseObject({ checkoutId: optionalText, status: optionalText })),
  }),
};
