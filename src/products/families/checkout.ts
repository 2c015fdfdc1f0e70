import { z } from 'zod';
import { defineProduct, reader } from '../definition.ts';
import { code, currencyCode, identifier, lenient } from '../fields.ts';
import { detailText, documentedExample, paymentFacts, paymentNotification, paymentShape } from '../payment.ts';

const fields = z.looseObject({
  ...paymentShape,
  checkoutId: lenient(identifier),
  countryCode: lenient(code),
  settlementCurrency: lenient(currencyCode),
});

const paid = {
  eventName: 'checkout.payment.success',
  amount: 5000,
  channelCode: 'GCASH_URL',
  mchOrderId: 'CCVA1653350151938813',
  createTime: '2022-05-31 09:38:06',
  remark: 'gcash payment',
  returnTime: '2022-05-31 09:38:06',
  transactionId: 'C1032653961085706055',
  transactionStatus: 'COMPLETE',
};

/** What only checkouts have. */
export const checkoutDetails = z.object({
  checkoutId: detailText('Id of the checkout; only in enveloped callbacks.'),
  countryCode: detailText('Only in enveloped callbacks.'),
  settlementCurrency: detailText('Only in enveloped callbacks.'),
});

/**
 * A customer pays at PayCools's cashier page. An `h5.*` event on this address is a web payment, flagged `misrouted`.
 *
 * @see docs/paycools.md 4.8 (https://doc-dev.paycools.com/Checkout/CheckoutCallback.html,
 * https://docs.paycools.com/en/v2/checkout/Notification.html)
 */
export const checkout = defineProduct({
  product: 'checkout',
  title: 'Checkout',
  menu: '9.5',
  channels: [/^PH_\w+_URL$/, /^GCASH_URL$/], // GCASH_URL: in older documentation; web payments also use it
  notifications: [
    paymentNotification({
      events: { 'checkout.payment.success': 'succeeded', 'checkout.payment.failed': 'failed' },
      read: reader(fields, (read, context) =>
        paymentFacts(read, context, {
          checkoutId: read.checkoutId ?? null,
          countryCode: read.countryCode ?? null,
          settlementCurrency: read.settlementCurrency ?? null,
        }),
      ),
      details: checkoutDetails,
      examples: [
        documentedExample(paid),
        documentedExample({ ...paid, eventName: 'checkout.payment.failed', transactionStatus: 'FAILED' }),
      ],
    }),
  ],
});
