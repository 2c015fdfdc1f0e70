import { expect, it } from 'vitest';
import type { PaycoolsClient } from '../../src/client/index.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { holderOf, refundOf, startAll, webPaymentOf } from './support.ts';

const URL_OF_SHOP = 'http://127.0.0.1:9/callbacks';

type Step = { readonly client: PaycoolsClient; readonly sandbox: Sandbox };

const twice = async (call: () => Promise<unknown>): Promise<unknown> => {
  await call();
  return call();
};

/** Makes a web payment, which ends by the rule of its amount. */
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
  [1501, 'the refund of an unknown payment', ({ client }) => client.refund.create(refundOf('NONE', 100, URL_OF_SHOP))],
  [
    1501,
    'the refunds of an unknown payment',
    ({ client }) => client.refund.payments({ originalTransactionId: 'NONE' }),
  ],
  [1502, 'a refund while another is pending', (step) => refundTwice(step, 1002, 100)],
  [1506, 'refunds of more than was paid', (step) => refundTwice(step, 3000, 2010)],
  [1507, 'the refund of a payment by virtual account', refundOfAccount],
  [
    1515,
    'a repeated order of a refund',
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

it.each(cases)('refuses with %i %s', async (code, _, call) => {
  await using all = await startAll();
  await expect(call(all)).rejects.toMatchObject({ name: 'PaycoolsApiError', code, outcome: 'refused' });
});

it('refuses with 1509 the refund of a payment older than 60 days', async () => {
  let now = Date.UTC(2026, 0, 1);
  await using all = await startAll({ now: () => now }, { runtime: { now: () => now } });
  const transactionId = await paid(all, 5000);
  now += 61 * 24 * 3600 * 1000;
  await expect(all.client.refund.create(refundOf(transactionId, 100, URL_OF_SHOP))).rejects.toMatchObject({
    code: 1509,
  });
});
