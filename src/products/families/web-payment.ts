import { defineProduct } from '../definition.ts';
import { documentedExample, paymentNotification } from '../payment.ts';

const paid = {
  eventName: 'h5.payment.success',
  amount: 5000,
  channelCode: 'GCASH_URL',
  mchOrderId: 'CCVA1653350151938813',
  createTime: '2022-05-31 09:38:06',
  remark: 'gcash payment',
  returnTime: '2022-05-31 09:38:06',
  transactionId: 'C1032653961085706055',
  transactionStatus: 'COMPLETE',
};

/**
 * A customer pays on the page of a wallet or bank. Each order has one payment.
 *
 * @see docs/paycools.md 4.6 (https://doc.paycools.com/Payment/PaymentCallback.html)
 */
export const webPayment = defineProduct({
  product: 'web-payment',
  title: 'Web payment',
  menu: '7.4',
  channels: [/^(?!PH_)\w+_URL$/],
  notifications: [
    paymentNotification({
      events: { 'h5.payment.success': 'succeeded', 'h5.payment.failed': 'failed' },
      examples: [
        documentedExample(paid),
        documentedExample({ ...paid, eventName: 'h5.payment.failed', transactionStatus: 'FAILED' }),
      ],
    }),
  ],
});
