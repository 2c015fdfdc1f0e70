import { defineProduct, type ProductDefinition } from '../../src/products/definition.ts';
import { paymentNotification, syntheticExample } from '../../src/products/payment.ts';
import { products } from '../../src/products/registry.ts';

/** All families and a made-up tenth one, unknown to shared code. */
export const makeTenth = (): readonly ProductDefinition[] => [
  ...products,
  defineProduct({
    product: 'tenth',
    title: 'A made-up product',
    menu: '99.9',
    notifications: [
      paymentNotification({
        events: { 'tenth.payment.success': 'succeeded', 'tenth.payment.failed': 'failed' },
        examples: [
          syntheticExample({
            eventName: 'tenth.payment.success',
            mchOrderId: 'M10',
            transactionId: 'T10',
            amount: 1000,
            transactionStatus: 'COMPLETE',
          }),
        ],
      }),
    ],
  }),
];
