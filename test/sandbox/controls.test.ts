import { expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { generateMerchantKeyPair } from '../../src/client/index.ts';
import type { SandboxLogEntry } from '../../src/sandbox/index.ts';
import { paycools } from '../cli/support.ts';
import { clientOf, holderOf, payoutOf, refundOf, startAll, webPaymentOf } from './support.ts';

const URL_OF_SHOP = 'http://127.0.0.1:9/callbacks';

it('pays into the account of an order from the command line', async () => {
  await using all = await startAll();
  const holder = holderOf('GCASH_STATIC_VA');
  await all.client.virtualAccount.create(holder);
  const words = ['sandbox', 'pay', '--order', holder.mchOrderId, '--amount', '150000', '--url', all.sandbox.url];
  const { code, out } = await paycools([...words, '--json']);
  expect([code, JSON.parse(out)]).toEqual([
    0,
    expect.objectContaining({ product: 'virtual-account', amount: 150_000, status: 'COMPLETE' }),
  ]);
  expect(all.receiver.arrived).toMatchObject([{ isGenuine: true, fields: { amount: 150_000 } }]);
  expect((await paycools(words)).out).toMatch(/^virtual-account C\d+, order \w+, PHP 1500\.00: COMPLETE\n$/);
});

it('completes a pending transaction from the command line', async () => {
  await using all = await startAll();
  const request = payoutOf(100_002);
  await all.client.payout.create(request);
  const words = ['sandbox', 'complete', '--order', request.mchOrderId, '--status', 'FAILED', '--json'];
  const ran = await paycools(words, { env: { PAYCOOLS_BASE_URL: all.sandbox.url } });
  expect([ran.code, JSON.parse(ran.out)]).toEqual([
    0,
    expect.objectContaining({ status: 'FAILED', failedCode: -10_004 }),
  ]);
  expect(all.receiver.arrived).toMatchObject([{ fields: { transactionStatus: 'FAILED' } }]);
});

it.each([
  [['pay', '--order', 'NONE'], 1, 'no code or account for the order NONE'],
  [['complete', '--order', 'NONE'], 1, 'no pending transaction for the order NONE'],
  [['pay', '--order', 'A', '--amount', '10.5'], 2, 'integer of centavos'],
  [['complete', '--order', 'A', '--status', 'DONE'], 2, '--status must be one of'],
  [['pay'], 2, '--order'],
])('explains why %j does nothing', async (words, code, message) => {
  await using all = await startAll();
  const ran = await paycools(['sandbox', ...words], { env: { PAYCOOLS_BASE_URL: all.sandbox.url } });
  expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(message)]);
});

it('explains that no sandbox is running', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const ran = await paycools(['sandbox', 'pay', '--order', 'A', '--url', url]);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining(`${url} refuses the connection`)]);
});

it.each([1002, 1004, 1005])('refuses a creation with %i if its remark requests that', async (code) => {
  await using all = await startAll();
  const request = { ...payoutOf(100_000), remark: String(code) };
  await expect(all.client.payout.create(request)).rejects.toMatchObject({ code });
  expect(all.sandbox.transactions).toEqual([]);
});

it.each([1504, 1505, 1508, 1510, 1511, 1512, 1513])(
  'refuses a refund with %i if its reason requests that',
  async (code) => {
    await using all = await startAll();
    const { transactionId } = await all.client.webPayment.create(webPaymentOf(100_000, URL_OF_SHOP));
    await all.sandbox.settled();
    const request = { ...refundOf(transactionId, 100, URL_OF_SHOP), refundReason: String(code) };
    await expect(all.client.refund.create(request)).rejects.toMatchObject({ code, outcome: 'refused' });
  },
);

it('leaves the outcome of a refund unknown with 1503', async () => {
  await using all = await startAll();
  const { transactionId } = await all.client.webPayment.create(webPaymentOf(100_000, URL_OF_SHOP));
  await all.sandbox.settled();
  const request = { ...refundOf(transactionId, 100, URL_OF_SHOP), refundReason: '1503' };
  await expect(all.client.refund.create(request)).rejects.toMatchObject({ code: 1503, outcome: 'unknown' });
});

it('delays replies, and simulates outages until they are ended', async () => {
  await using all = await startAll({ latencyMs: 300 }, { retry: false, timeoutMs: 2000 });
  const started = performance.now();
  await all.client.account.balance();
  expect(performance.now() - started).toBeGreaterThan(295);
  all.sandbox.configure({ latencyMs: 0, outage: 'unavailable' });
  await expect(all.client.account.balance()).rejects.toMatchObject({ code: 'PAYCOOLS_RESPONSE', httpStatus: 503 });
  const set = (body: object) =>
    fetch(`${all.sandbox.url}/sandbox/conditions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await set({ outage: 'silent' });
  await expect(all.client.account.balance()).rejects.toMatchObject({ code: 'PAYCOOLS_TIMEOUT' });
  expect((await set({ outage: 'sideways' })).status).toBe(400);
  await set({ outage: 'none' });
  await expect(all.client.account.balance()).resolves.toMatchObject({ balance: 100_000_000 });
});

it('replaces keys as the back office does, so that the old ones are no longer valid', async () => {
  await using all = await startAll({}, { retry: false });
  const pair = await generateMerchantKeyPair();
  const change = (body: object) =>
    fetch(`${all.sandbox.url}/sandbox/back-office`, { method: 'POST', body: JSON.stringify(body) });
  const changed = await change({ publicKey: pair.publicKey, callbackSecret: 'another-secret' });
  expect(await changed.json()).toEqual({ changed: ['publicKey', 'callbackSecret'] });
  await expect(all.client.account.balance()).rejects.toMatchObject({ code: 1003 });
  await clientOf(all.sandbox.url, { privateKey: pair.privateKey }).payout.create(payoutOf(100_000));
  await all.sandbox.settled();
  expect(all.receiver.arrived).toMatchObject([{ isGenuine: false }]);
  expect((await change({ publicKey: 'nonsense' })).status).toBe(409);
});

it('logs each request and each callback', async () => {
  const entries: SandboxLogEntry[] = [];
  await using all = await startAll({ log: (entry) => void entries.push(entry) });
  const request = payoutOf(100_000);
  await all.client.payout.create(request);
  await all.sandbox.settled();
  const order = request.mchOrderId;
  expect(entries).toEqual([
    { kind: 'request', call: 'payout.create', order, code: 1000, message: 'success' },
    {
      kind: 'callback',
      eventName: 'disbursement.success',
      order,
      url: all.receiver.url,
      fate: 'sent',
      httpStatus: 200,
    },
  ]);
});
