import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallReport } from '../../src/client/index.ts';
import { backoffMs, retryAfterMs } from '../../src/client/retry-timing.ts';
import { clientFor, hangUp, json, payoutRequest, refusal, rejection, serve, silence, success } from './support.ts';

const balance = success({ balance: 7 });

describe('a call that only reads', () => {
  it.each([
    ['a lost connection', hangUp],
    ['the code 1013', refusal(1013)],
    ['the code 1018', refusal(1018)],
    ['the code 1503', refusal(1503)],
    ['HTML with status 503', json('<html>', 503)],
    ['a code of its own with status 500', json({ code: 500 }, 500)],
  ])('is made again after %s', async (_, answer) => {
    await using server = await serve(answer, answer, balance);
    expect(await clientFor(server.url).account.balance()).toEqual({ balance: 7 });
    expect(server.received).toHaveLength(3);
  });

  it('is made again after an attempt without a reply', async () => {
    await using server = await serve(silence, balance);
    expect(await clientFor(server.url, { attemptTimeoutMs: 400 }).account.balance()).toEqual({ balance: 7 });
  });

  it.each([
    ['a wrong signature', refusal(1003)],
    ['an unknown code', refusal(4711)],
    ['HTML with status 200', json('<html>')],
    ['HTML with status 404', json('<html>', 404)],
    ['a reply of another shape', success({ balance: 'x' })],
  ])('is not made again after %s', async (_, answer) => {
    await using server = await serve(answer, balance);
    await rejection(clientFor(server.url).account.balance());
    expect(server.received).toHaveLength(1);
  });

  it('ends after the attempts that it has', async () => {
    await using server = await serve(refusal(1013));
    await expect(clientFor(server.url).account.balance()).rejects.toMatchObject({ code: 1013, retryable: true });
    expect(server.received).toHaveLength(3);
  });

  it('is signed anew for every attempt, with a timestamp of its own', async () => {
    let now = 1_700_000_000_000;
    await using server = await serve(refusal(1018), success({ tokenList: [] }));
    const runtime = {
      now: () => {
        now += 1;
        return now;
      },
    };
    await clientFor(server.url, { runtime }).directDebit.authorizationStatus({ userId: 'u' });
    const bodies = server.received.map(({ body }) => JSON.parse(body));
    const stamps = bodies.map(({ param }) => JSON.parse(param).timestamp);
    expect(new Set(stamps).size).toBe(2);
    expect(bodies[0].sign).not.toBe(bodies[1].sign);
  });
});

describe('the wait before the next attempt', () => {
  const waitsOf = async (retryAfter: string, timeoutMs: number): Promise<readonly number[]> => {
    const waits: number[] = [];
    await using server = await serve(json({ code: 1013 }, 200, { 'retry-after': retryAfter }), balance);
    const sleep = async (ms: number): Promise<void> => {
      waits.push(ms);
    };
    await rejection(clientFor(server.url, { timeoutMs, runtime: { sleep, random: () => 0.5 } }).account.balance());
    return waits;
  };

  it('is at least what Retry-After asks for', async () => {
    expect(await waitsOf('2', 10_000)).toEqual([2000]);
  });

  it('does not begin where Retry-After asks for more time than is left', async () => {
    expect(await waitsOf('60', 10_000)).toEqual([]);
  });

  it('lies between nothing and a ceiling that doubles', () => {
    const states = fc.record({
      attempt: fc.integer({ min: 1, max: 2000 }),
      baseMs: fc.integer({ min: 1, max: 10_000 }),
      maxMs: fc.integer({ min: 1, max: 60_000 }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(states, (state) => {
        const wait = backoffMs(state);
        return wait >= 0 && wait <= state.maxMs && wait <= state.baseMs * 2 ** (state.attempt - 1);
      }),
    );
    expect([1, 2, 3, 9].map((attempt) => backoffMs({ attempt, baseMs: 100, maxMs: 500, random: 0.5 }))).toEqual([
      50, 100, 200, 250,
    ]);
  });

  it.each([
    ['3', 3000],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 6000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', null],
    ['-1', null],
    ['', null],
    [null, null],
  ])('reads Retry-After %s', (header, expected) => {
    expect(retryAfterMs(header, 4000)).toBe(expected);
  });
});

describe('a creation', () => {
  const status = success({ mchOrderId: 'P1', transactionId: 'D1', amount: 50_010, transactionStatus: 'PENDING' });
  const create = (url: string, options = {}) => clientFor(url, options).payout.create(payoutRequest);

  it('is made again where PayCools refused it for being too frequent', async () => {
    await using server = await serve(refusal(1013), success({ transactionId: 'D1' }));
    expect(await create(server.url)).toEqual({ transactionId: 'D1' });
    expect(server.received.map(({ body }) => JSON.parse(body).idempotencyId)).toEqual(['idem000001', 'idem000001']);
  });

  it('is made again where nothing was listening', async () => {
    const refused = new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }) });
    let attempts = 0;
    const failing = async (): Promise<never> => {
      attempts += 1;
      throw refused;
    };
    await expect(create('https://api-uat.paycools.com', { fetch: failing })).rejects.toMatchObject({
      reason: 'ECONNREFUSED',
      outcome: 'not-sent',
      retryable: true,
    });
    expect(attempts).toBe(3);
  });

  it('is not made again where the certificate is not trusted', async () => {
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
    ['PayCools answered 1018', refusal(1018)],
    ['PayCools answered a code that nobody knows', refusal(9999)],
    ['the reply was cut in half', json('{"code":1000,"da')],
  ])('is resolved by the status query where %s', async (_, answer) => {
    await using server = await serve(answer, status);
    expect(await create(server.url)).toMatchObject({ transactionId: 'D1', transactionStatus: 'PENDING' });
    expect(server.received.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'POST /api/v1/payout',
      'GET /api/v1/payout/check',
    ]);
  });

  it('is resolved by the status query where no reply came in time', async () => {
    const reports: CallReport[] = [];
    await using server = await serve(silence, status);
    const observe = (report: CallReport): void => void reports.push(report);
    expect(await create(server.url, { attemptTimeoutMs: 400, observe })).toMatchObject({ transactionId: 'D1' });
    expect(reports).toEqual([
      { endpoint: 'payout.create', outcome: 'resolved', attempts: 2, durationMs: expect.any(Number) },
    ]);
  });

  it.each([1012, 1014])('is resolved where %i answers its own repetition', async (code) => {
    await using server = await serve(refusal(1013), refusal(code), status);
    expect(await create(server.url)).toMatchObject({ transactionId: 'D1' });
  });

  it('is a conflict where the order was there before the first attempt', async () => {
    await using server = await serve(refusal(1012), status);
    await expect(create(server.url)).rejects.toMatchObject({ code: 1012, kind: 'conflict', outcome: 'refused' });
    expect(server.received).toHaveLength(1);
  });

  it('stays unknown where PayCools does not know the order, asked several times', async () => {
    await using server = await serve(hangUp, refusal(1008));
    await expect(create(server.url)).rejects.toMatchObject({ name: 'PaycoolsNetworkError', outcome: 'unknown' });
    expect(server.received).toHaveLength(4);
  });

  it('stays unknown where the order that PayCools knows has another amount', async () => {
    const older = success({ mchOrderId: 'P1', transactionId: 'D0', amount: 1, transactionStatus: 'COMPLETE' });
    await using server = await serve(hangUp, older);
    await expect(create(server.url)).rejects.toMatchObject({ outcome: 'unknown', retryable: false });
  });

  it('is found when PayCools knows the order a moment later', async () => {
    await using server = await serve(hangUp, refusal(1008), status);
    expect(await create(server.url)).toMatchObject({ transactionId: 'D1' });
  });

  const urls = { callbackUrl: 'https://shop.example/c', redirectUrl: 'https://shop.example/r' };

  it('of a web payment stays unknown, because there is no query by order', async () => {
    await using server = await serve(hangUp);
    const request = { mchOrderId: 'W', amount: 100, channelCode: 'GCASH_URL', email: 'a@b.ph', mobile: '09123456789' };
    await expect(clientFor(server.url).webPayment.create({ ...request, ...urls })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    expect(server.received).toHaveLength(1);
  });

  it('of a refund is resolved by its own refund order among those of the payment', async () => {
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

  it('of a checkout is resolved by its query, which has no address to pay at', async () => {
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

it('does not make a change again after a lost connection', async () => {
  await using server = await serve(hangUp, success({}));
  await expect(clientFor(server.url).qrCode.cancel({ mchOrderId: 'Q' })).rejects.toMatchObject({ outcome: 'unknown' });
  expect(server.received).toHaveLength(1);
});
