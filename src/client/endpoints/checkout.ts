import { z } from 'zod';
import { defineEndpoint, envelopeCall } from './definition.ts';
import { centavos, optional, optionalText, orEmpty, text, undocumented } from './reply-fields.ts';
import {
  amount,
  appName,
  callbackUrl,
  countryCode,
  customerName,
  MAX_AMOUNT,
  mobile,
  orderId,
  paycoolsId,
  redirectUrl,
  remark,
  webAddress,
} from './request-fields.ts';

const item = z.strictObject({
  name: z.string().min(1).describe('Name of the item.'),
  price: amount(0, MAX_AMOUNT),
  quantity: z.int().min(1).describe('Number of items.'),
  sku: z.string().optional().describe('Your own SKU.'),
  url: z.string().optional().describe('Web page of the item.'),
  category: z.string().optional().describe('Category of the item.'),
});

/** Members as a public integration sends them (https://github.com/leafardnait/stripeadmin). */
const address = z.strictObject({
  name: z.string().optional().describe('Name of the recipient.'),
  customerName: z.string().optional().describe('Name of the customer.'),
  addressLine1: z.string().optional().describe('Street and number.'),
  addressLine2: z.string().optional().describe('Second line of the address.'),
  city: z.string().optional().describe('City.'),
  province: z.string().optional().describe('Province.'),
  postCode: z.string().optional().describe('Postal code.'),
  email: z.string().optional().describe('E-mail address.'),
  mobile: z.string().optional().describe('Mobile number.'),
  countryCode: z.string().optional().describe('ISO 3166 code of the country.'),
  redirectUrl: z.string().optional().describe('Where the customer returns to.'),
});

const createRequest = z.strictObject({
  mchOrderId: orderId,
  countryCode,
  currency: z.string().length(3).default('PHP').describe('ISO 4217 code of the payment.'),
  settlementCurrency: z.string().length(3).default('PHP').describe('ISO 4217 code of the settlement.'),
  amount: amount(1, MAX_AMOUNT),
  customerName,
  email: z.string().min(1).describe('E-mail address of the customer.'),
  mobile,
  notifyUrl: callbackUrl,
  redirectUrl,
  expireSeconds: z.int().min(1).optional().describe('How long the checkout can be paid, in seconds.'),
  channelTypeList: z
    .array(z.enum(['QR', 'ONLINE_BANKING', 'EWALLET', 'BANK_TRANSFER', 'CARD', 'PAYLATER']))
    .optional()
    .describe('Types of channels to offer. Default: all.'),
  channelCodeList: z.array(z.string().min(1)).optional().describe('Channels to offer. Default: all.'),
  language: z.string().min(1).optional().describe('Language of the page.'),
  userId: z.string().min(1).optional().describe('Your own id of the customer.'),
  remark: remark.optional(),
  merchantLogo: webAddress(512).optional().describe('URL of your logo.'),
  appName: appName.optional().describe('Name of your application.'),
  goodsDetails: z.array(item).optional().describe('Required for PAYLATER.'),
  billingAddress: address.optional().describe('Required for PAYLATER.'),
  shippingAddress: address.optional().describe('Where the goods are sent.'),
});

const oneCheckout = z.strictObject({ mchOrderId: orderId, checkoutId: paycoolsId.optional() });

const shared = {
  ...envelopeCall,
  pathStatus: 'seen',
  source: 'https://docs.paycools.com/en/v2/checkout/Checkout.html',
} as const;

/** Menu 9. https://docs.paycools.com/en/v2/checkout/Checkout.html (the global documentation) */
export const checkout = {
  channels: defineEndpoint({
    ...shared,
    menu: '9.1',
    title: 'Query the channels supported by the cashier counter',
    path: '/api/v2/checkout/channel',
    effect: 'read',
    request: z.strictObject({ countryCode }),
    reply: () => undocumented,
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
        checkoutUrl: optionalText.describe('Missing if a lost reply was resolved by 9.3, which does not return it.'),
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
