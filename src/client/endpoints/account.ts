import { z } from 'zod';
import { defineEndpoint, defineStatement } from './definition.ts';
import {
  id,
  optional,
  optionalId,
  optionalText,
  pesos,
  signedCentavos,
  type TimeField,
  transactionStatus,
} from './reply-fields.ts';
import { day } from './request-fields.ts';

const status = z.enum(['PENDING', 'COMPLETE', 'FAILED']).optional().describe('Only transactions with this status.');

/** Either the day of creation or that of completion. PayCools does not document what both together mean. */
const statementRequest = z.union(
  [
    z.strictObject({
      createDate: day.describe('Transactions created on this day.'),
      completeDate: z.undefined().optional(),
      status,
    }),
    z.strictObject({
      completeDate: day.describe('Transactions completed on this day.'),
      createDate: z.undefined().optional(),
      status,
    }),
  ],
  'give createDate or completeDate (yyyy-MM-dd), one of the two, and a known status',
);

const row = (time: TimeField) => ({
  merchantOrderId: optionalId,
  transactionId: id,
  amount: pesos.describe('Pesos in the reply, centavos in the result.'),
  fee: optional(pesos),
  status: transactionStatus,
  createTime: optional(time),
  completeTime: optional(time),
});

/** Menu 2. https://jtdoc.paycools.com/Account/CheckBalance.html, https://doc.paycools.com/Account/GetPaymentStatement.html */
export const account = {
  balance: defineEndpoint({
    menu: '2.1',
    title: 'Check Account Balance',
    source: 'https://jtdoc.paycools.com/Account/CheckBalance.html',
    http: 'GET',
    path: '/api/v1/account/checkBalance',
    effect: 'read',
    request: z.strictObject({}),
    reply: () => z.looseObject({ balance: signedCentavos }),
  }),
  paymentStatement: defineStatement({
    menu: '2.2',
    title: 'Payment Statement',
    source: 'https://doc.paycools.com/Account/GetPaymentStatement.html',
    path: '/api/v1/record/paymentList',
    request: statementRequest,
    row: (time) =>
      z.looseObject({
        ...row(time),
        paymentMethod: optionalText,
        paymentChannel: optionalText,
        name: optionalText,
        mobile: optionalText,
        appName: optionalText,
      }),
  }),
  payoutStatement: defineStatement({
    menu: '2.3',
    title: 'Payout Statement',
    source: 'https://doc.paycools.com/Account/GetPayoutStatement.html',
    path: '/api/v1/record/payoutList',
    request: statementRequest,
    row: (time) =>
      z.looseObject({
        ...row(time),
        remittingBank: optionalText,
        remittingAccount: optionalText,
        recipientName: optionalText,
        recipientAccount: optionalText,
        receivingChannel: optionalText,
      }),
  }),
};
