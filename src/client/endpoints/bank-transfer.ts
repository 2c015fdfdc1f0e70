import { z } from 'zod';
import { defineEndpoint, defineList } from './definition.ts';
import { listedPayment, optionalText, text } from './reply-fields.ts';
import { channelCodes, email, orderId, paymentsQuery } from './request-fields.ts';
import { accountHolder } from './virtual-account.ts';

const accountsReply = () =>
  z.looseObject({
    shortLink: optionalText,
    paymentAccountList: z.array(
      z.looseObject({
        mchOrderId: text,
        channelCode: optionalText,
        guideUrl: optionalText,
        receivingBank: optionalText,
        accountName: optionalText,
        accountNumber: text,
      }),
    ),
  });

/** Menu 6. https://doc.paycools.com/BankTransfer/BatchCreateBankAccount.html */
export const bankTransfer = {
  createBatch: defineEndpoint({
    menu: '6.1',
    title: 'Batch Create Bank Transfer Account',
    source: 'https://doc.paycools.com/BankTransfer/BatchCreateBankAccount.html',
    path: '/api/v1/batch/paymentAccount',
    effect: 'create',
    needsAppName: true,
    request: z.strictObject({ ...accountHolder, email: email.optional(), channelCode: channelCodes }),
    reply: accountsReply,
  }),
  updateBatch: defineEndpoint({
    menu: '6.2',
    title: 'Batch Update Bank Transfer Account',
    source: 'https://doc.paycools.com/BankTransfer/BatchUpdateBankAccount.html',
    path: '/api/v1/batch/paymentAccount/{mchOrderId}/update',
    effect: 'change',
    request: z.strictObject({ mchOrderId: orderId, channelCode: channelCodes }),
    reply: accountsReply,
  }),
  payments: defineList({
    menu: '6.3',
    title: 'Bank Transfer Account Payments',
    source: 'https://doc.paycools.com/BankTransfer/GetAccountPayments.html',
    http: 'GET',
    path: '/api/v1/paymentAccount/{mchOrderId}/payments',
    effect: 'read',
    request: z.strictObject({ ...paymentsQuery, channelCode: channelCodes.optional() }),
    row: listedPayment,
  }),
};
