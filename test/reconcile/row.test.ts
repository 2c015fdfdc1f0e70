import { describe, expect, it } from 'vitest';
import { interpretReply } from '../../src/products/interpret.ts';
import { refundRow } from '../../src/reconcile/row.ts';
import { registry, rowOf } from './support.ts';

const interpretedFrom = (product: string, row: ReturnType<typeof rowOf>) =>
  interpretReply(registry, { ...row, product }, 'Asia/Manila');

describe('a row, interpreted', () => {
  it.each(['payout', 'virtual-account', 'qr-code', 'bank-transfer', 'web-payment', 'checkout', 'direct-debit'])(
    'is read by %s as its callback would be',
    (product) => {
      const interpreted = interpretedFrom(product, rowOf());
      expect(
        interpreted.ok && {
          status: interpreted.value.status,
          ...interpreted.value.facts,
          product: interpreted.value.definition.product,
        },
      ).toMatchObject({
        product,
        status: 'succeeded',
        subject: { kind: 'transaction', id: 'C1' },
        merchantOrderId: 'M1',
        amount: { minor: 1000, currency: 'PHP', value: '10.00' },
        createdAt: '2026-05-02T02:00:00.000Z',
        completedAt: '2026-05-02T02:00:00.000Z',
      });
    },
  );

  it('keeps the reason of a failure if the reply has one', () => {
    const interpreted = interpretedFrom('payout', rowOf({ transactionStatus: 'FAILED', failedCode: '-10001' }));
    expect(interpreted.ok && interpreted.value.facts.failure).toMatchObject({ reason: 'exceed-limit' });
  });

  it('is also read as a refund', () => {
    const row = refundRow({
      mchRefundOrderId: 'MR1',
      originalTransactionId: 'C1',
      refundTransactionId: 'R1',
      refundAmount: 500,
      refundStatus: 'CANCELLED',
    });
    const interpreted = interpretedFrom('refund', row);
    expect(interpreted.ok && interpreted.value).toMatchObject({
      status: 'cancelled',
      facts: { subject: { kind: 'refund', id: 'R1' } },
    });
  });

  it.each([
    ['payout', { amount: null }, 'amount: must be a non-negative integer of centavos'],
    ['payout', { transactionStatus: 'ODD' }, 'status: the word is not one that PayCools documents'],
    ['web-payment', { transactionStatus: 'CANCELLED' }, 'status: cancelled is not a status of this product'],
    ['ekyc', {}, 'product: ekyc has no notification about a transaction'],
    ['nothing', {}, 'product: nothing is unknown'],
  ])('is refused by %s with %j', (product, change, reason) => {
    expect(interpretedFrom(product, rowOf(change))).toEqual({ ok: false, error: reason });
  });
});
