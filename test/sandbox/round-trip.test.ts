import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { PaymentEvent } from '../../src/core/event.ts';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { waitingEvents } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import {
  authorizationOf,
  checkoutOf,
  clientOf,
  directDebitOf,
  dynamicQrOf,
  holderOf,
  payoutOf,
  refundOf,
  sandboxWith,
  webPaymentOf,
} from './support.ts';

// The full round trip: client → sandbox → signed callback → receiver → queue. The status query must agree.

const paycools = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = { private: { format: 'pem', type: 'pkcs8' }, public: { format: 'pem', type: 'spki' } } as const;

const start = async (options: Partial<SandboxOptions> = {}) => {
  const PAYCOOLS_CALLBACK_PUBLIC_KEY = paycools.publicKey.export(pem.public).toString();
  const { publicUrl, namespace } = await startTestService({ env: { PAYCOOLS_CALLBACK_PUBLIC_KEY } });
  const callbackUrl = `${publicUrl}/callbacks`;
  const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET, callbackUrl, ...options }));
  const eventsOf = async (product: string): Promise<readonly PaymentEvent[]> => {
    await sandbox.settled();
    return (await waitingEvents(namespace, product)) as PaymentEvent[];
  };
  return { sandbox, client: clientOf(sandbox.url), callbackUrl, eventsOf };
};

type Circle = Awaited<ReturnType<typeof start>>;

const amountOf = (minor: number) => expect.objectContaining({ minor, currency: 'PHP' });

it.each([
  [50_010, 'succeeded', 'COMPLETE', null],
  [50_001, 'failed', 'FAILED', 'channel-rejected'],
])('delivers a payout of %i as %s', async (amount, status, transactionStatus, reason) => {
  const { client, eventsOf } = await start();
  const { mchOrderId } = await client.payout.create(payoutOf(amount)).then(({ mchOrderId: order }) => ({
    mchOrderId: String(order),
  }));
  const [event] = await eventsOf('payout');
  const found = await client.payout.status({ mchOrderId });
  expect(event?.data).toMatchObject({
    status,
    merchantOrderId: mchOrderId,
    transactionId: found.transactionId,
    amount: amountOf(found.amount),
    createdAt: found.createTime,
    completedAt: found.returnTime,
  });
  expect([found.transactionStatus, event?.data.failure?.reason ?? null]).toEqual([transactionStatus, reason]);
});

it('delivers the payment of a QR code, and lists it', async () => {
  const { client, eventsOf } = await start();
  const request = dynamicQrOf(20_000);
  await client.qrCode.create(request);
  const [event] = await eventsOf('qr-code');
  const [payment] = await client.qrCode.payments({
    mchOrderId: request.mchOrderId,
    startDate: '2000-01-01',
    endDate: '2100-01-01',
  });
  expect(event?.data).toMatchObject({
    status: 'succeeded',
    transactionId: payment?.transactionId,
    amount: amountOf(20_000),
  });
});

const payOnTheWeb = async ({ client, callbackUrl, eventsOf }: Circle): Promise<string> => {
  const { transactionId } = await client.webPayment.create(webPaymentOf(5000, callbackUrl));
  const [event] = await eventsOf('web-payment');
  expect(event?.data).toMatchObject({ status: 'succeeded', transactionId, amount: amountOf(5000) });
  return transactionId;
};

it('delivers a web payment and its refund', async () => {
  const circle = await start();
  const { client, callbackUrl, eventsOf } = circle;
  const transactionId = await payOnTheWeb(circle);
  expect(await client.webPayment.status({ transactionId })).toMatchObject({ transactionStatus: 'COMPLETE' });
  const { refundTransactionId } = await client.refund.create(refundOf(transactionId, 2000, callbackUrl));
  const [event] = await eventsOf('refund');
  expect(event?.data).toMatchObject({ status: 'succeeded', amount: amountOf(2000) });
  expect(event?.subject).toBe(refundTransactionId);
  expect(await client.refund.payments({ refundTransactionId })).toMatchObject([{ refundStatus: 'COMPLETE' }]);
});

it('delivers a cancelled refund as cancelled', async () => {
  const circle = await start();
  const transactionId = await payOnTheWeb(circle);
  await circle.client.refund.create(refundOf(transactionId, 109, circle.callbackUrl));
  expect(await circle.eventsOf('refund')).toMatchObject([{ type: 'com.paycools.refund.cancelled' }]);
});

it.each([
  ['flat', {}],
  ['enveloped', { callbackPrivateKey: paycools.privateKey.export(pem.private).toString() }],
])('delivers checkouts and direct debits whose callbacks are %s', async (_, options) => {
  const { client, callbackUrl, eventsOf } = await start(options);
  const checkout = checkoutOf(5000, callbackUrl);
  const { checkoutId } = await client.checkout.create(checkout);
  const [opened] = await eventsOf('checkout');
  const state = await client.checkout.get({ mchOrderId: checkout.mchOrderId, checkoutId });
  expect(opened?.data).toMatchObject({ status: 'succeeded', transactionId: state.transactionId });

  const authorization = authorizationOf(callbackUrl);
  await client.directDebit.createAuthorization(authorization);
  const [activated] = await eventsOf('direct-debit');
  expect(activated?.type).toBe('com.paycools.direct-debit.authorization.activated');
  const { tokenList } = await client.directDebit.authorizationStatus({ userId: authorization.userId });
  const payment = directDebitOf(900, String(tokenList[0]?.paytoken), callbackUrl);
  const { transactionId } = await client.directDebit.createPayment(payment);
  const [, paid] = await eventsOf('direct-debit');
  expect(paid).toMatchObject({ type: 'com.paycools.direct-debit.payment.succeeded', data: { transactionId } });
  expect(await client.directDebit.paymentStatus({ transactionId })).toMatchObject({ transactionStatus: 'COMPLETE' });
});

it('delivers payments into accounts', async () => {
  const { client, sandbox, eventsOf } = await start();
  const [account, transfer] = [holderOf('GCASH_STATIC_VA'), holderOf('INSTA_TRANSFER_ACC')];
  await client.virtualAccount.create(account);
  await client.bankTransfer.createBatch(transfer);
  await sandbox.pay({ product: 'virtual-account', mchOrderId: account.mchOrderId, amount: 500 });
  await sandbox.pay({ product: 'bank-transfer', mchOrderId: transfer.mchOrderId, amount: 700 });
  expect(await eventsOf('virtual-account')).toMatchObject([{ data: { status: 'succeeded', amount: { minor: 500 } } }]);
  expect(await eventsOf('bank-transfer')).toMatchObject([{ data: { status: 'succeeded', amount: { minor: 700 } } }]);
  expect(await eventsOf('unrecognized')).toEqual([]);
});

it('delivers one event for duplicate and late callbacks, and none for wrongly signed ones', async () => {
  const { client, eventsOf, sandbox } = await start({ chaos: { duplicate: 1, disorder: 0.5 } });
  for (const amount of [110, 210, 310]) await client.payout.create(payoutOf(amount));
  expect(await eventsOf('payout')).toHaveLength(3);
  expect(sandbox.callbacks).toHaveLength(6);
  const corrupt = await start({ chaos: { wrongSign: 1 } });
  await corrupt.client.payout.create(payoutOf(100));
  expect(await corrupt.eventsOf('payout')).toEqual([]);
  expect(corrupt.sandbox.callbacks).toMatchObject([{ httpStatus: 401 }]);
});
