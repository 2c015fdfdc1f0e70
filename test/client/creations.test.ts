import { describe, expect, it } from 'vitest';
import type { CallReport } from '../../src/client/index.ts';
import { clientFor, hangUp, json, payoutRequest, refusal, serve, silence, success } from './support.ts';

describe('a creation', () => {
  const status = success({ mchOrderId: 'P1', transactionId: 'D1', amount: 50_010, transactionStatus: 'PENDING' });
  const create = (url: string, options = {}) => clientFor(url, options).payout.create(payoutRequest);

  it('is repeated when PayCools refused it as too frequent', async () => {
    await using server = await serve(refusal(1013), success({ transactionId: 'D1' }));
    expect(await create(server.url)).toEqual({ transactionId: 'D1' });
    expect(server.received.map(({ body }) => JSON.parse(body).idempotencyId)).toEqual(['idem000001', 'idem000001']);
  });

  it('is repeated when nothing is listening', async () => {
    const reports: CallReport[] = [];
    const observe = (report: CallReport): void => void reports.push(report);
    const gone = await serve();
    await gone[Symbol.asyncDispose]();
    await expect(create(gone.url, { observe })).rejects.toMatchObject({
      reason: 'ECONNREFUSED',
      outcome: 'not-sent',
      retryable: true,
    });
    expect(reports).toMatchObject([{ outcome: 'network', attempts: 3 }]);
  });

  it('is not repeated when the certificate is not trusted', async () => {
    let attempts = 0;
    const failing = async (): Promise<never> => {
      attempts += 1;
      throw new TypeError('fetch failed', { cause: { code: 'CERT_HAS_EXPIRED' } });
    };
    await expect(create('https://api-uat.paycools.com', { fetch: failing })).rejects.toMatchObject({
      reason: 'CERT_HAS_EXPIRED',
      outcome: 'not-sent',
      retryable: false,
    });
    expect(attempts).toBe(1);
  });

  it.each([
    ['the connection was lost', hangUp],
    ['a proxy answered for PayCools', json('<html>', 502)],
    ['PayCools replied 1018', refusal(1018)],
    ['PayCools replied with an unknown code', refusal(9999)],
    ['the reply was cut in half', json('{"code":1000,"da')],
  ])('is resolved by the status query when %s', async (_, answer) => {
    await using server = await serve(answer, status);
    expect(await create(server.url)).toMatchObject({ transactionId: 'D1', transactionStatus: 'PENDING' });
    expect(server.received.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'POST /api/v1/payout',
      'GET /api/v1/payout/check',
    ]);
  });

  it('is resolved by the status query when no reply arrived in time', async () => {
    const reports: CallReport[] = [];
    await using server = await serve(silence, status);
    const observe = (report: CallReport): void => void reports.push(report);
    expect(await create(server.url, { attemptTimeoutMs: 400, observe })).toMatchObject({ transactionId: 'D1' });
    expect(reports).toEqual([
      { endpoint: 'payout.create', outcome: 'resolved', attempts: 2, durationMs: expect.any(Number) },
    ]);
  });

  it.each([1012, 1014])('is resolved when its own retry gets %i', async (code) => {
    await using server = await serve(refusal(1013), refusal(code), status);
    expect(await create(server.url)).toMatchObject({ transactionId: 'D1' });
  });

  it('is a conflict when the order existed before the first attempt', async () => {
    await using server = await serve(refusal(1012), status);
    await expect(create(server.url)).rejects.toMatchObject({ code: 1012, kind: 'conflict', outcome: 'refused' });
    expect(server.received).toHaveLength(1);
  });

  it('remains unknown when PayCools repeatedly does not know the order', async () => {
    await using server = await serve(hangUp, refusal(1008));
    await expect(create(server.url)).rejects.toMatchObject({ name: 'PaycoolsNetworkError', outcome: 'unknown' });
    expect(server.received).toHaveLength(4);
  });

  it('remains unknown when the order at PayCools has a different amount', async () => {
    const older = success({ mchOrderId: 'P1', transactionId: 'D0', amount: 1, transactionStatus: 'COMPLETE' });
    await using server = await serve(hangUp, older);
    await expect(create(server.url)).rejects.toMatchObject({ outcome: 'unknown', retryable: false });
  });

  it('is resolved when PayCools knows the order a moment later', async () => {
    await using server = await serve(hangUp, refusal(1008), status);
    expect(await create(server.url)).toMatchObject({ transactionId: 'D1' });
  });

  const urls = { callbackUrl: 'https://shop.example/c', redirectUrl: 'https://shop.example/r' };

  it('of a web payment remains unknown, because there is no query by order', async () => {
    await using server = await serve(hangUp);
    const request = { mchOrderId: 'W', amount: 100, channelCode: 'GCASH_URL', email: 'a@b.ph', mobile: '09123456789' };
    await expect(clientFor(server.url).webPayment.create({ ...request, ...urls })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    expect(server.received).toHaveLength(1);
  });

  it('of a refund is resolved by its own order among the refunds of the payment', async () => {
    const other = { originalTransactionId: 'C1', refundTransactionId: 'R0', refundStatus: 'COMPLETE', refundAmount: 5 };
    const ours = { ...other, refundTransactionId: 'R1', mchRefundOrderId: 'MR', refundStatus: 'PENDING' };
    await using server = await serve(hangUp, success([other, ours]));
    const request = { mchRefundOrderId: 'MR', originalTransactionId: 'C1', refundAmount: 5 };
    const refundCallbackUrl = urls.callbackUrl;
    expect(await clientFor(server.url).refund.create({ ...request, refundCallbackUrl })).toMatchObject({
      refundTransactionId: 'R1',
    });
  });

  it('of a QR code is resolved by its details', async () => {
    const code = { mchOrderId: 'Q', qrcodeId: 'QR1', channelCode: 'QRPH_STATIC_QR', status: 'ACTIVE' };
    await using server = await serve(hangUp, success(code));
    const request = { mchOrderId: 'Q', channelCode: 'QRPH_STATIC_QR', customerName: 'Juan' } as const;
    expect(await clientFor(server.url).qrCode.create(request)).toEqual(code);
  });

  it('of a checkout is resolved by its query, which returns no checkoutUrl', async () => {
    const state = { mchOrderId: 'K', checkoutId: 'CH1', amount: 5, transactionStatus: 'PENDING' };
    await using server = await serve(hangUp, success(state));
    const { callbackUrl: notifyUrl, redirectUrl } = urls;
    const request = { mchOrderId: 'K', amount: 5, customerName: 'J', email: 'a@b.ph', mobile: '09123456789' };
    expect(await clientFor(server.url).checkout.create({ ...request, notifyUrl, redirectUrl })).toEqual({
      mchOrderId: 'K',
      checkoutId: 'CH1',
      amount: 5,
      status: 'PENDING',
    });
  });
});

it('does not repeat a change after a lost connection', async () => {
  await using server = await serve(hangUp, success({}));
  await expect(clientFor(server.url).qrCode.cancel({ mchOrderId: 'Q' })).rejects.toMatchObject({ outcome: 'unknown' });
  expect(server.received).toHaveLength(1);
});
