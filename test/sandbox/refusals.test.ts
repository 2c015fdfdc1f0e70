import { expect, it } from 'vitest';
import type { PaycoolsClient } from '../../src/client/index.ts';
import { refusals, type Sandbox } from '../../src/sandbox/index.ts';
import {
  authorizationOf,
  checkoutOf,
  directDebitOf,
  dynamicQrOf,
  holderOf,
  payoutOf,
  refundOf,
  startAll,
  webPaymentOf,
} from './support.ts';

const URL_OF_SHOP = 'http://127.0.0.1:9/callbacks';
const span = { startDate: '2026-11-01', endDate: '2026-11-30' };

type Step = { readonly client: PaycoolsClient; readonly sandbox: Sandbox };

const twice = async (call: () => Promise<unknown>): Promise<unknown> => {
  await call();
  return call();
};

/** A web payment that has ended, by the rule of its amount. */
const paid = async ({ client, sandbox }: Step, amount: number): Promise<string> => {
  const { transactionId } = await client.webPayment.create(webPaymentOf(amount, URL_OF_SHOP));
  await sandbox.settled();
  return transactionId;
};

const refundTwice = async (step: Step, first: number, second: number): Promise<unknown> => {
  const transactionId = await paid(step, 5000);
  await step.client.refund.create(refundOf(transactionId, first, URL_OF_SHOP));
  await step.sandbox.settled();
  return step.client.refund.create(refundOf(transactionId, second, URL_OF_SHOP));
};

const refundOfAccount = async ({ client, sandbox }: Step): Promise<unknown> => {
  const holder = holderOf('GCASH_STATIC_VA');
  await client.virtualAccount.create(holder);
  const payment = await sandbox.pay({ product: 'virtual-account', mchOrderId: holder.mchOrderId, amount: 500 });
  return client.refund.create(refundOf(payment.transactionId, 100, URL_OF_SHOP));
};

const cases: readonly (readonly [number, string, (step: Step) => Promise<unknown>])[] = [
  [1006, 'a payout above the balance', ({ client }) => client.payout.create(payoutOf(100_000_000))],
  [1008, 'the status of an unknown payout', ({ client }) => client.payout.status({ mchOrderId: 'NONE' })],
  [1008, 'the status of an unknown web payment', ({ client }) => client.webPayment.status({ transactionId: 'NONE' })],
  [1008, 'an unknown QR code', ({ client }) => client.qrCode.get({ mchOrderId: 'NONE' })],
  [
    1008,
    'the payments of an unknown account',
    ({ client }) => client.virtualAccount.payments({ mchOrderId: 'NONE', ...span }),
  ],
  [
    1008,
    'the change of an unknown account',
    ({ client }) => client.bankTransfer.updateBatch({ mchOrderId: 'NONE', channelCode: 'X' }),
  ],
  [1008, 'an unknown checkout', ({ client }) => client.checkout.get({ mchOrderId: 'NONE' })],
  [1008, 'an unknown direct debit', ({ client }) => client.directDebit.paymentStatus({ transactionId: 'NONE' })],
  [
    1008,
    'the end of an unknown authorization',
    ({ client }) => client.directDebit.cancelAuthorization({ userId: 'u', payToken: 'NONE' }),
  ],
  [
    1009,
    'a direct debit without authorization',
    ({ client }) => client.directDebit.createPayment(directDebitOf(100, 'NONE', URL_OF_SHOP)),
  ],
  [1010, 'an unknown bank', ({ client }) => client.payout.create({ ...payoutOf(100), bankCode: 'INVALID' })],
  [
    1011,
    'a channel that is off',
    ({ client }) => client.webPayment.create({ ...webPaymentOf(100, URL_OF_SHOP), channelCode: 'UNAVAILABLE' }),
  ],
  [
    1012,
    'the order of a web payment again',
    ({ client }) => {
      const request = webPaymentOf(100, URL_OF_SHOP);
      return twice(() => client.webPayment.create(request));
    },
  ],
  [
    1012,
    'the order of a payout again',
    ({ client }) => {
      const request = payoutOf(100);
      return twice(() => client.payout.create(request));
    },
  ],
  [
    1012,
    'the order of a QR code again',
    ({ client }) => {
      const request = dynamicQrOf(2000);
      return twice(() => client.qrCode.create(request));
    },
  ],
  [
    1012,
    'the order of a checkout again',
    ({ client }) => {
      const request = checkoutOf(100, URL_OF_SHOP);
      return twice(() => client.checkout.create(request));
    },
  ],
  [
    1012,
    'the request of an authorization again',
    ({ client }) => {
      const request = authorizationOf(URL_OF_SHOP);
      return twice(() => client.directDebit.createAuthorization(request));
    },
  ],
  [
    1014,
    'the idempotency id of a payout again',
    ({ client }) => {
      const { idempotencyId } = payoutOf(100);
      return twice(() => client.payout.create({ ...payoutOf(100), idempotencyId }));
    },
  ],
  [
    1015,
    'an email that is none',
    ({ client }) => client.webPayment.create({ ...webPaymentOf(100, URL_OF_SHOP), email: 'juan' }),
  ],
  [
    1016,
    'an unknown wallet',
    ({ client }) => {
      const { bankCode: _, ...request } = payoutOf(100);
      return client.payout.create({
        ...request,
        payMethodCode: 'EWALLET',
        ewalletCode: 'INVALID',
        accountNo: '09123456789',
      });
    },
  ],
  [
    1017,
    'the order of a virtual account again',
    ({ client }) => {
      const holder = holderOf('X');
      return twice(() => client.virtualAccount.createBatch(holder));
    },
  ],
  [
    1019,
    'the order of a bank transfer account again',
    ({ client }) => {
      const holder = holderOf('X');
      return twice(() => client.bankTransfer.createBatch(holder));
    },
  ],
  [1501, 'the refund of an unknown payment', ({ client }) => client.refund.create(refundOf('NONE', 100, URL_OF_SHOP))],
  [
    1501,
    'the refunds of an unknown payment',
    ({ client }) => client.refund.payments({ originalTransactionId: 'NONE' }),
  ],
  [1502, 'a refund while another is pending', (step) => refundTwice(step, 1002, 100)],
  [1506, 'more than was paid', (step) => refundTwice(step, 3000, 2010)],
  [1507, 'the refund of a virtual account', refundOfAccount],
  [
    1515,
    'the order of a refund again',
    async (step) => {
      const request = refundOf(await paid(step, 5000), 100, URL_OF_SHOP);
      return twice(() => step.client.refund.create(request));
    },
  ],
  [
    1516,
    'the refund of a payment that failed',
    async (step) => step.client.refund.create(refundOf(await paid(step, 5001), 100, URL_OF_SHOP)),
  ],
];

it.each(cases)('answers %i to %s', async (code, _, call) => {
  await using all = await startAll();
  await expect(call(all)).rejects.toMatchObject({ name: 'PaycoolsApiError', code, outcome: 'refused' });
});

it('answers 1509 to the refund of a payment of more than 60 days ago', async () => {
  let now = Date.UTC(2026, 0, 1);
  await using all = await startAll({ now: () => now }, { runtime: { now: () => now } });
  const transactionId = await paid(all, 5000);
  now += 61 * 24 * 3600 * 1000;
  await expect(all.client.refund.create(refundOf(transactionId, 100, URL_OF_SHOP))).rejects.toMatchObject({
    code: 1509,
  });
});

it('answers 1013 to more requests in a second than it takes', async () => {
  const now = Date.UTC(2026, 0, 1);
  await using all = await startAll({ requestsPerSecond: 2, now: () => now }, { retry: { attempts: 1 } });
  await all.client.account.balance();
  await all.client.account.balance();
  await expect(all.client.account.balance()).rejects.toMatchObject({ code: 1013, kind: 'rate-limit', retryable: true });
});

it('tells when it refuses with each of its codes', () => {
  expect(Object.values(refusals).every(({ when }) => when.length > 0)).toBe(true);
});
