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
    'the cancellation of an unknown authorization',
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
    'an unavailable channel',
    ({ client }) => client.webPayment.create({ ...webPaymentOf(100, URL_OF_SHOP), channelCode: 'UNAVAILABLE' }),
  ],
  [
    1012,
    'a repeated order of a web payment',
    ({ client }) => {
      const request = webPaymentOf(100, URL_OF_SHOP);
      return twice(() => client.webPayment.create(request));
    },
  ],
  [
    1012,
    'a repeated order of a payout',
    ({ client }) => {
      const request = payoutOf(100);
      return twice(() => client.payout.create(request));
    },
  ],
  [
    1012,
    'a repeated order of a QR code',
    ({ client }) => {
      const request = dynamicQrOf(2000);
      return twice(() => client.qrCode.create(request));
    },
  ],
  [
    1012,
    'a repeated order of a checkout',
    ({ client }) => {
      const request = checkoutOf(100, URL_OF_SHOP);
      return twice(() => client.checkout.create(request));
    },
  ],
  [
    1012,
    'a repeated id of an authorization request',
    ({ client }) => {
      const request = authorizationOf(URL_OF_SHOP);
      return twice(() => client.directDebit.createAuthorization(request));
    },
  ],
  [
    1014,
    'a repeated idempotency id of a payout',
    ({ client }) => {
      const { idempotencyId } = payoutOf(100);
      return twice(() => client.payout.create({ ...payoutOf(100), idempotencyId }));
    },
  ],
  [
    1015,
    'an invalid email address',
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
    'a repeated order of a virtual account',
    ({ client }) => {
      const holder = holderOf('X');
      return twice(() => client.virtualAccount.createBatch(holder));
    },
  ],
  [
    1019,
    'a repeated order of a bank transfer account',
    ({ client }) => {
      const holder = holderOf('X');
      return twice(() => client.bankTransfer.createBatch(holder));
    },
  ],
];

it.each(cases)('refuses with %i %s', async (code, _, call) => {
  await using all = await startAll();
  await expect(call(all)).rejects.toMatchObject({ name: 'PaycoolsApiError', code, outcome: 'refused' });
});

it('refuses more requests per second than requestsPerSecond with 1013', async () => {
  const now = Date.UTC(2026, 0, 1);
  await using all = await startAll({ requestsPerSecond: 2, now: () => now }, { retry: { attempts: 1 } });
  await all.client.account.balance();
  await all.client.account.balance();
  await expect(all.client.account.balance()).rejects.toMatchObject({ code: 1013, kind: 'rate-limit', retryable: true });
});

it('documents when it refuses with each of its codes', () => {
  expect(Object.values(refusals).every(({ when }) => when.length > 0)).toBe(true);
});
