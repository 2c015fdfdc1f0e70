import { describe, expect, it } from 'vitest';
import type { CallReport } from '../../src/client/index.ts';
import { amountRules } from '../../src/sandbox/index.ts';
import { collect } from '../client/support.ts';
import {
  authorizationOf,
  clientOf,
  directDebitOf,
  dynamicQrOf,
  holderOf,
  payoutOf,
  refundOf,
  sandboxWith,
  startAll,
  startReceiver,
  webPaymentOf,
} from './support.ts';

const failing = amountRules.filter(({ status }) => status === 'FAILED');

it.each(failing)('fails an amount ending in .0$ending with $failedCode', async ({ ending, failedCode }) => {
  await using all = await startAll();
  const request = payoutOf(10_000 + ending);
  await all.client.payout.create(request);
  await all.sandbox.settled();
  const { mchOrderId } = request;
  expect(await all.client.payout.status({ mchOrderId })).toMatchObject({ transactionStatus: 'FAILED', failedCode });
  expect(all.receiver.arrived).toMatchObject([
    { isGenuine: true, fields: { eventName: 'disbursement.failed', transactionStatus: 'FAILED', failedCode } },
  ]);
  expect(await all.client.account.balance()).toEqual({ balance: 100_000_000 });
});

it('leaves an amount ending in .02 pending until it is completed by hand', async () => {
  await using all = await startAll();
  const { transactionId } = await all.client.webPayment.create(webPaymentOf(10_002, all.receiver.url));
  await all.sandbox.settled();
  expect(all.receiver.arrived).toEqual([]);
  expect(await all.client.webPayment.status({ transactionId })).toMatchObject({ transactionStatus: 'PENDING' });
  await all.sandbox.complete({ transactionId, status: 'COMPLETE' });
  expect(all.receiver.arrived).toMatchObject([{ fields: { eventName: 'h5.payment.success', transactionId } }]);
  await expect(all.sandbox.complete({ transactionId, status: 'FAILED' })).rejects.toThrow('no pending transaction');
});

it('closes a payment, or cancels a refund, with an amount ending in .09', async () => {
  await using all = await startAll();
  const { client, sandbox, receiver } = all;
  const { transactionId } = await client.webPayment.create(webPaymentOf(10_000, receiver.url));
  await client.webPayment.create(webPaymentOf(10_009, receiver.url));
  await sandbox.settled();
  expect(receiver.arrived.at(-1)?.fields).toMatchObject({ transactionStatus: 'CLOSED' });
  await client.refund.create(refundOf(transactionId, 109, receiver.url));
  await sandbox.settled();
  expect(receiver.arrived.at(-1)?.fields).toMatchObject({
    eventName: 'payment.refund.cancel',
    refundStatus: 'CANCELLED',
  });
});

describe('a creation whose reply the client does not get', () => {
  it.each([6, 7, 8])('is carried out once and resolved by the client (amount ending in .0%i)', async (ending) => {
    const reports: CallReport[] = [];
    const observe = (report: CallReport): void => void reports.push(report);
    await using all = await startAll({}, { observe });
    const created = await all.client.payout.create(payoutOf(10_000 + ending));
    await all.sandbox.settled();
    expect(all.sandbox.transactions.map(({ transactionId }) => transactionId)).toEqual([created.transactionId]);
    expect(reports[0]?.attempts).toBeGreaterThan(1);
  });

  it('is also resolved for QR codes and refunds', async () => {
    await using all = await startAll();
    expect(await all.client.qrCode.create(dynamicQrOf(10_008))).toMatchObject({ status: 'ACTIVE' });
    const { transactionId } = await all.client.webPayment.create(webPaymentOf(10_000, all.receiver.url));
    await all.sandbox.settled();
    const refund = refundOf(transactionId, 108, all.receiver.url);
    expect(await all.client.refund.create(refund)).toMatchObject({ mchRefundOrderId: refund.mchRefundOrderId });
  });

  it('remains unknown for a web payment that was carried out', async () => {
    await using all = await startAll();
    const request = webPaymentOf(10_008, all.receiver.url);
    await expect(all.client.webPayment.create(request)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(all.sandbox.transactions).toHaveLength(1);
  });
});

it('reports only successes of static codes and accounts', async () => {
  await using all = await startAll();
  const holder = holderOf('INSTA_TRANSFER_ACC');
  await all.client.bankTransfer.createBatch(holder);
  const { mchOrderId } = holder;
  expect(await all.sandbox.pay({ product: 'bank-transfer', mchOrderId, amount: 101 })).toMatchObject({
    status: 'FAILED',
  });
  expect(all.receiver.arrived).toEqual([]);
});

it('does not authorize a request id that ends in 01', async () => {
  await using all = await startAll();
  const request = authorizationOf(all.receiver.url, 'REQ-01');
  await all.client.directDebit.createAuthorization(request);
  await all.sandbox.settled();
  expect(all.receiver.arrived).toMatchObject([{ fields: { eventName: 'token.create.failed', requestId: 'REQ-01' } }]);
});

it('accepts no payment with a cancelled authorization', async () => {
  await using all = await startAll();
  const request = authorizationOf(all.receiver.url);
  await all.client.directDebit.createAuthorization(request);
  await all.sandbox.settled();
  const payToken = String(all.receiver.arrived[0]?.fields['paytoken']);
  await all.client.directDebit.cancelAuthorization({ userId: request.userId, payToken });
  const payment = directDebitOf(100, payToken, all.receiver.url);
  await expect(all.client.directDebit.createPayment(payment)).rejects.toMatchObject({ code: 1009 });
});

it('closes the pending payment of a cancelled QR code', async () => {
  await using all = await startAll();
  const request = dynamicQrOf(10_002);
  await all.client.qrCode.create(request);
  await all.client.qrCode.cancel({ mchOrderId: request.mchOrderId });
  await all.sandbox.settled();
  expect(all.sandbox.transactions).toMatchObject([{ status: 'CLOSED' }]);
});

it.each([
  ['{"code":2000,"msg":"Success"}', 1],
  ['{"code":1000,"msg":"no"}', 0],
  ['<html>', 0],
])('asks the merchant before it pays into a virtual account: %s', async (answer, paid) => {
  await using receiver = await startReceiver(answer);
  await using sandbox = await sandboxWith({ callbackUrl: receiver.url, verifyPayments: true });
  const holder = holderOf('GCASH_STATIC_VA');
  await clientOf(sandbox.url).virtualAccount.create(holder);
  const { mchOrderId } = holder;
  await sandbox.pay({ product: 'virtual-account', mchOrderId, amount: 500 }).catch(() => {});
  expect(sandbox.transactions).toHaveLength(paid);
  expect(receiver.arrived[0]).toMatchObject({
    isGenuine: true,
    fields: { eventName: 'payment.verification', amount: 500 },
  });
});

describe('statements', () => {
  it('are split into pages, which the client reads one by one', async () => {
    const now = () => Date.UTC(2026, 0, 1);
    await using all = await startAll({ pageSize: 2, now }, { runtime: { now } });
    for (const amount of [110, 210, 310, 410, 510]) await all.client.payout.create(payoutOf(amount));
    await all.sandbox.settled();
    const pages: number[] = [];
    const onPage = ({ rows }: { readonly rows: number }): void => void pages.push(rows);
    const rows = await collect(all.client.account.payoutStatement({ createDate: '2026-01-01' }, { onPage }));
    expect(rows.map(({ amount }) => amount)).toEqual([110, 210, 310, 410, 510]);
    expect(pages).toEqual([2, 2, 1, 0]);
  });

  it('cover one day in the time zone of PayCools, by creation or by completion', async () => {
    let now = Date.UTC(2026, 0, 1, 15, 59, 59); // 23:59:59 in Manila
    await using all = await startAll({ now: () => now }, { runtime: { now: () => now } });
    const { transactionId } = await all.client.webPayment.create(webPaymentOf(102, all.receiver.url));
    now += 1000;
    await all.sandbox.complete({ transactionId, status: 'COMPLETE' });
    const { paymentStatement } = all.client.account;
    const counts = await Promise.all(
      [
        paymentStatement({ createDate: '2026-01-01' }),
        paymentStatement({ createDate: '2026-01-02' }),
        paymentStatement({ completeDate: '2026-01-01' }),
        paymentStatement({ completeDate: '2026-01-02' }),
        paymentStatement({ completeDate: '2026-01-02', status: 'FAILED' }),
      ].map(async (rows) => (await collect(rows)).length),
    );
    expect(counts).toEqual([1, 0, 0, 1, 0]);
  });
});
