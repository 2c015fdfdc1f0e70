import { z } from 'zod';
import { defineProduct, reader } from '../definition.ts';
import { identifier, lenient } from '../fields.ts';
import {
  detailText,
  documentedExample,
  paymentFacts,
  paymentNotification,
  paymentShape,
  syntheticExample,
} from '../payment.ts';

const fields = z.looseObject({ ...paymentShape, paymentAccount: lenient(identifier) });

const paid = documentedExample({
  amount: 50000,
  channelCode: 'INSTA_TRANSFER_ACC',
  createTime: '2023-02-17 14:32:33',
  eventName: 'transfer.payment.success',
  mchOrderId: 'RP20230217000802003',
  paymentAccount: '999000010998',
  remark: 'Allbank Virtual Payment',
  returnTime: '2023-02-17 14:33:10',
  transactionId: 'C1184676615553454214',
  transactionStatus: 'COMPLETE',
});

/** What only bank transfers have. */
export const bankTransferDetails = z.object({ paymentAccount: detailText('The account that was paid into.') });

/**
 * A customer transfers to an account that PayCools holds for the merchant. Reports only successes.
 *
 * @see docs/paycools.md 4.5 (https://doc-dev.paycools.com/BankTransfer/BankTransferCallback.html)
 */
export const bankTransfer = defineProduct({
  product: 'bank-transfer',
  title: 'Bank transfer',
  menu: '6.4',
  channels: [/_TRANSFER_ACC$/],
  successOnly: [/^/],
  notifications: [
    paymentNotification({
      events: { 'transfer.payment.success': 'succeeded' },
      read: reader(fields, (read, context) =>
        paymentFacts(read, context, { paymentAccount: read.paymentAccount ?? null }),
      ),
      details: bankTransferDetails,
      examples: [paid, syntheticExample({ ...paid.fields, transactionStatus: 'FAILED' })],
    }),
  ],
});
