import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallReport, endpointList } from '../../src/client/index.ts';
import { collect } from '../client/support.ts';
import * as given from './support.ts';

const NOW = Date.UTC(2026, 10, 23, 18, 0, 0); // 24 November, 02:00, in Manila
const TODAY = '2026-11-24';
const ISO = '2026-11-23T18:00:00.000Z';

describe('every call of the table', () => {
  const reports: CallReport[] = [];
  let all: Awaited<ReturnType<typeof given.startAll>>;

  beforeAll(async () => {
    const observe = (report: CallReport): void => void reports.push(report);
    all = await given.startAll({ now: () => NOW }, { observe, runtime: { now: () => NOW } });
  });

  /** Expects that the last callback is genuine and has these fields. */
  const expectCallback = (fields: object): void =>
    expect(all.receiver.arrived.at(-1)).toMatchObject({ isGenuine: true, fields });

  afterAll(async () => {
    await all[Symbol.asyncDispose]();
  });

  it('makes a payout, reports its status, and lists it', async () => {
    const { client, sandbox } = all;
    const request = given.payoutOf(50_010);
    const created = await client.payout.create({ ...request, remark: 'wages' });
    expect(created).toMatchObject({ mchOrderId: request.mchOrderId, transactionStatus: 'PENDING', createTime: ISO });
    await sandbox.settled();
    expect(await client.payout.status({ mchOrderId: request.mchOrderId })).toEqual({
      mchOrderId: request.mchOrderId,
      transactionId: created.transactionId,
      amount: 50_010,
      transactionStatus: 'COMPLETE',
      createTime: ISO,
      returnTime: ISO,
      remark: 'wages',
      failedCode: null,
      failedMessage: null,
    });
    const { value: row } = await client.account.payoutStatement({ completeDate: TODAY }).next();
    expect(row).toMatchObject({ transactionId: created.transactionId, amount: 50_010, fee: 1000, createTime: ISO });
    expect(await client.account.balance()).toEqual({ balance: 100_000_000 - 50_010 - 1000 });
    expectCallback({ eventName: 'disbursement.success', transactionId: created.transactionId, amount: 50_010 });
  });

  it('opens virtual accounts, which customers pay into', async () => {
    const { client, sandbox } = all;
    const holder = given.holderOf('GCASH_STATIC_VA');
    const { referenceNumber } = await client.virtualAccount.create(holder);
    const batch = await client.virtualAccount.createBatch(given.holderOf('GCASH_STATIC_VA,7ELEVEN_STATIC_VA'));
    expect(batch.paymentVaList).toHaveLength(2);
    const { mchOrderId } = holder;
    const updated = await client.virtualAccount.update({ mchOrderId, channelCode: 'PAYMAYA_STATIC_VA' });
    expect(updated.paymentVaList.map(({ channelCode }) => channelCode)).toEqual([
      'GCASH_STATIC_VA',
      'PAYMAYA_STATIC_VA',
    ]);
    expect((await client.virtualAccount.cashierUrl({ mchOrderId })).shortLink).toMatch(/^https:/);
    const paid = await sandbox.pay({ product: 'virtual-account', mchOrderId, amount: 12_300 });
    expect(await client.virtualAccount.payments({ mchOrderId, startDate: TODAY, endDate: TODAY })).toMatchObject([
      { transactionId: paid.transactionId, transactionAmount: 12_300, transactionStatus: 'COMPLETE' },
    ]);
    expectCallback({
      eventName: 'payment.success',
      mchOrderId,
      paymentCode: referenceNumber,
      channelCode: 'GCASH_STATIC_VA',
    });
    const cancelled = await client.virtualAccount.cancel({ mchOrderId });
    expect(cancelled.paymentVaList.map(({ status }) => status)).toEqual(['INACTIVE', 'INACTIVE']);
    await expect(sandbox.pay({ product: 'virtual-account', mchOrderId, amount: 1 })).rejects.toThrow('no active');
  });

  it('creates static and dynamic QR codes', async () => {
    const { client, sandbox } = all;
    const request = given.dynamicQrOf(20_000);
    const { mchOrderId } = request;
    const code = await client.qrCode.create(request);
    expect(code).toMatchObject({ status: 'ACTIVE', createTime: ISO });
    await sandbox.settled();
    expectCallback({ eventName: 'qrcode.payment.success', mchOrderId });
    expect(await client.qrCode.get({ mchOrderId })).toEqual(code);
    expect(await client.qrCode.payments({ mchOrderId, startDate: TODAY, endDate: TODAY })).toHaveLength(1);
    await client.qrCode.update({ mchOrderId, customerName: 'Maria', remark: 'changed' });
    expect(await client.qrCode.cancel({ mchOrderId })).toMatchObject({ status: 'INACTIVE', remark: 'changed' });
    const fixed = { mchOrderId: 'STATIC-1', customerName: 'Juan', channelCode: 'QRPH_STATIC_QR' } as const;
    await client.qrCode.create(fixed);
    await sandbox.pay({ product: 'qr-code', mchOrderId: 'STATIC-1', amount: 500 });
    await sandbox.pay({ product: 'qr-code', mchOrderId: 'STATIC-1', amount: 600 });
    const span = { mchOrderId: 'STATIC-1', startDate: TODAY, endDate: TODAY };
    expect((await client.qrCode.payments(span)).map(({ transactionAmount }) => transactionAmount)).toEqual([500, 600]);
  });

  it('opens bank transfer accounts', async () => {
    const { client, sandbox } = all;
    const holder = given.holderOf('INSTA_TRANSFER_ACC');
    const { mchOrderId } = holder;
    const { paymentAccountList } = await client.bankTransfer.createBatch(holder);
    const update = { mchOrderId, channelCode: 'INSTA_TRANSFER_ACC' };
    expect(await client.bankTransfer.updateBatch(update)).toMatchObject({ paymentAccountList });
    await sandbox.pay({ product: 'bank-transfer', mchOrderId, amount: 700 });
    expect(await client.bankTransfer.payments({ mchOrderId, startDate: TODAY, endDate: TODAY })).toHaveLength(1);
    expectCallback({
      eventName: 'transfer.payment.success',
      paymentAccount: paymentAccountList[0]?.accountNumber,
    });
  });

  it('takes web payments and refunds them', async () => {
    const { client, sandbox, receiver } = all;
    const request = given.webPaymentOf(5000, receiver.url);
    const { transactionId, redirectUrl, expiresTime } = await client.webPayment.create(request);
    expect([redirectUrl.slice(0, 8), expiresTime]).toEqual(['https://', '2026-11-23T19:00:00.000Z']);
    await sandbox.settled();
    expectCallback({ eventName: 'h5.payment.success' });
    expect(await client.webPayment.status({ transactionId })).toMatchObject({
      transactionStatus: 'COMPLETE',
      amount: 5000,
      appName: 'Shop',
      callbackUrl: receiver.url,
    });
    expect(await client.webPayment.channels()).toHaveLength(2);
    const refund = given.refundOf(transactionId, 2000, receiver.url);
    const { refundTransactionId } = await client.refund.create({ ...refund, refundReason: 'broken' });
    expect(refundTransactionId).toHaveLength(20);
    await sandbox.settled();
    const refunded = { refundTransactionId, refundAmount: 2000, refundStatus: 'COMPLETE' };
    expectCallback({ eventName: 'payment.refund.success', ...refunded });
    expect(await client.refund.payments({ originalTransactionId: transactionId })).toMatchObject([
      { mchRefundOrderId: refund.mchRefundOrderId, refundStatus: 'COMPLETE', refundReason: 'broken' },
    ]);
    expect(await client.refund.payments({ refundTransactionId })).toHaveLength(1);
  });

  it('opens a checkout and closes another', async () => {
    const { client, sandbox, receiver } = all;
    const request = given.checkoutOf(5000, receiver.url);
    const { checkoutId, checkoutUrl, expiresTime } = await client.checkout.create(request);
    expect([checkoutUrl?.slice(0, 8), expiresTime]).toEqual(['https://', '2026-11-23T19:00:00.000Z']);
    await sandbox.settled();
    const { mchOrderId } = request;
    expect(await client.checkout.get({ mchOrderId, checkoutId })).toMatchObject({ transactionStatus: 'COMPLETE' });
    expectCallback({ eventName: 'checkout.payment.success', mchOrderId });
    const pending = given.checkoutOf(5002, receiver.url);
    await client.checkout.create(pending);
    expect(await client.checkout.close({ mchOrderId: pending.mchOrderId })).toMatchObject({ status: 'CLOSED' });
    expect(await client.checkout.channels()).toHaveLength(2);
  });

  it('authorizes a direct debit, takes a payment, and cancels the authorization', async () => {
    const { client, sandbox, receiver } = all;
    const request = given.authorizationOf(receiver.url);
    const { userId } = request;
    expect((await client.directDebit.createAuthorization(request)).authUrl).toMatch(/^https:/);
    await sandbox.settled();
    const payToken = String(receiver.arrived.at(-1)?.fields['paytoken']);
    expectCallback({ eventName: 'token.create.success', userId });
    const { tokenList } = await client.directDebit.authorizationStatus({ userId });
    expect(tokenList).toMatchObject([{ paytoken: payToken, tokenStatus: 'ACTIVED' }]);
    const { transactionId } = await client.directDebit.createPayment(given.directDebitOf(900, payToken, receiver.url));
    await sandbox.settled();
    expect(await client.directDebit.paymentStatus({ transactionId })).toMatchObject({ transactionStatus: 'COMPLETE' });
    expectCallback({ eventName: 'directdebit.payment.success', transactionId });
    expect(await client.directDebit.cancelAuthorization({ userId, payToken })).toEqual({ tokenStatus: 'INACTIVED' });
    await sandbox.settled();
    expectCallback({
      eventName: 'token.cancel.success',
      inactiveType: 'MCH_CANCEL',
    });
  });

  it('replies to eKYC calls with a guess', async () => {
    const { client } = all;
    expect(await client.ekyc.init({ userId: 'u1' })).toMatchObject({ userId: 'u1', status: 'PENDING' });
    expect(await client.ekyc.result({ userId: 'u1' })).toMatchObject({ status: 'APPROVED' });
  });

  it('lists payments in pesos, which the client converts to centavos', async () => {
    const { client, sandbox } = all;
    const paid = sandbox.transactions.filter(({ product }) => product !== 'payout' && product !== 'refund');
    const rows = await collect(client.account.paymentStatement({ createDate: TODAY }));
    expect(rows.map(({ transactionId, amount, fee }) => [transactionId, amount, fee])).toEqual(
      paid.map(({ transactionId, amount, fee }) => [transactionId, amount, fee]),
    );
  });

  it('was made and succeeded', () => {
    expect([...new Set(reports.map(({ endpoint }) => endpoint))].sort()).toEqual(
      endpointList.map(({ call }) => call).sort(),
    );
    expect(reports.every(({ outcome }) => outcome === 'ok')).toBe(true);
  });
});
