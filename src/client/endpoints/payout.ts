import { z } from 'zod';
import { defineEndpoint } from './definition.ts';
import { centavos, failureCode, optional, optionalText, orEmpty, text, transactionStatus } from './reply-fields.ts';
import { amount, byOrder, day, email, localMobile, orderId, webAddress } from './request-fields.ts';

const common = {
  mchOrderId: orderId.describe('Unique for the merchant.'),
  idempotencyId: z
    .string()
    .regex(/^[A-Za-z0-9]{10,30}$/, 'must be 10 to 30 letters and digits')
    .describe('Unique for each payout. PayCools refuses a repeated one.'),
  appName: z
    .string()
    .regex(/^[A-Za-z ]{1,100}$/, 'must be letters and spaces')
    .describe('Name of your application. Default: the one given to the client.')
    .optional(),
  amount: amount(100, 500_000_000),
  accountName: z
    .string()
    .regex(/^[\p{L}'. -]{1,30}$/u, "must be 1 to 30 letters, spaces, ', . and -")
    .describe('Name of the account holder.'),
  remark: z.string().min(1).max(200).optional().describe('Free text, returned in callbacks.'),
  idCardPicUrl: webAddress(200).optional().describe("URL of a picture of the recipient's identity card."),
  idCardExpiryDate: day.optional().describe('Last day on which the identity card is valid.'),
  birthPlace: z.string().min(1).optional().describe('Place of birth of the recipient.'),
  gender: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .optional()
    .describe("Gender of the recipient, as PayCools's code."),
  email: email.optional(),
};

/** Menu 3. https://doc.paycools.com/Disbursement/Disburse.html, https://doc.paycools.com/Disbursement/RequestDisburseStatus.html */
export const payout = {
  create: defineEndpoint({
    menu: '3.1',
    title: 'Create Payout',
    source: 'https://doc.paycools.com/Disbursement/Disburse.html',
    path: '/api/v1/payout',
    effect: 'create',
    needsAppName: true,
    request: z.discriminatedUnion('payMethodCode', [
      z.strictObject({
        ...common,
        payMethodCode: z.literal('BANK').describe('Into a bank account.'),
        bankCode: z.string().min(1).describe('Bank, as PayCools names it: BDO.'),
        accountNo: z.string().min(1).describe('Number of the bank account.'),
      }),
      z.strictObject({
        ...common,
        payMethodCode: z.literal('EWALLET').describe('Into an e-wallet.'),
        ewalletCode: z.string().min(1).describe('E-wallet, as PayCools names it: GCASH.'),
        accountNo: localMobile.describe('Mobile number of the e-wallet: 09 and nine digits.'),
      }),
    ]),
    reply: (time) =>
      orEmpty(
        z.looseObject({
          mchOrderId: optionalText,
          transactionId: optionalText,
          amount: optional(centavos),
          transactionStatus: optional(transactionStatus),
          createTime: optional(time),
          returnTime: optional(time),
        }),
      ),
  }),
  status: defineEndpoint({
    menu: '3.2',
    title: 'Check Payout Status',
    source: 'https://doc.paycools.com/Disbursement/RequestDisburseStatus.html',
    http: 'GET',
    path: '/api/v1/payout/check',
    effect: 'read',
    request: byOrder,
    reply: (time) =>
      z.looseObject({
        mchOrderId: text,
        transactionId: text,
        amount: centavos,
        transactionStatus,
        createTime: optional(time),
        returnTime: optional(time),
        remark: optionalText,
        failedCode: failureCode,
        failedMessage: optionalText,
      }),
  }),
};
