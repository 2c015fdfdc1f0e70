import { describe, expect, it } from 'vitest';
import { AMBIGUOUS } from '../../src/products/interpret.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';

const genuine = sign(payoutFields());
const forged = sign(payoutFields(), 'another');

const start = async (env: Record<string, string> = {}) => {
  const service = await startTestService({ env });
  const ask = async (body: string, headers: Record<string, string> = {}) =>
    await post(`${service.publicUrl}/callbacks/payout`, body, headers);
  return { ...service, ask };
};

describe('ALLOWED_IPS', () => {
  it.each(['127.0.0.1', '10.0.0.0/8, 127.0.0.0/8', '::ffff:0:0/96 127.0.0.1', '0.0.0.0/0'])(
    'admits a source in %s',
    async (list) => {
      const { ask } = await start({ ALLOWED_IPS: list });
      expect((await ask(genuine)).status).toBe(200);
    },
  );

  it.each(['10.0.0.0/8', '127.0.0.2', '::1'])('refuses a source outside %s with 403', async (list) => {
    const { ask } = await start({ ALLOWED_IPS: list });
    const answer = await ask(genuine);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'urn:paycools-webhooks:problem:forbidden', status: 403 });
  });

  it('ignores X-Forwarded-For unless TRUST_PROXY names the proxy', async () => {
    const { ask } = await start({ ALLOWED_IPS: '203.0.113.7' });
    expect((await ask(genuine, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
  });

  it.each([
    ['one hop', '1', '203.0.113.7', 200],
    ['one hop, with what the client wrote before it', '1', '203.0.113.7, 198.51.100.1', 403],
    ['true, which is one hop', 'true', '203.0.113.7, 198.51.100.1', 403],
    ['the address of the proxy', '127.0.0.1', '203.0.113.7', 200],
    ['loopback', 'loopback', '203.0.113.7', 200],
    ['another proxy', '10.0.0.0/8', '203.0.113.7', 403],
    ['two proxies', '127.0.0.0/8,198.51.100.1', '203.0.113.7, 198.51.100.1', 200],
    ['two hops', '2', '203.0.113.7, 198.51.100.1', 200],
    ['one hop, with a port', '1', '203.0.113.7:54321', 200],
    ['one hop, IPv4-mapped', '1', '[::ffff:203.0.113.7]:443', 200],
    ['two proxies with ports', '127.0.0.0/8,198.51.100.1', '203.0.113.7:1, 198.51.100.1:2', 200],
    ['one hop, with text that is not an address', '1', '203.0.113.7.example', 403],
    ['one hop, with a number', '1', '3405803783', 403],
    ['two hops, with junk between', '2', '203.0.113.7, junk', 403],
  ])('reads the right entry of X-Forwarded-For with TRUST_PROXY: %s', async (_name, trust, forwarded, status) => {
    const { ask } = await start({ ALLOWED_IPS: '203.0.113.7', TRUST_PROXY: trust });
    expect((await ask(genuine, { 'x-forwarded-for': forwarded })).status).toBe(status);
  });
});

describe('an IPv6 source', () => {
  it.each([
    ['[2001:db8::1]:443', 200],
    ['2001:db8::1', 200],
    ['2001:0db8:0::0001%eth0', 200],
    ['[2001:db9::1]:443', 403],
  ])('is read from %s, with or without port, brackets and zone', async (forwarded, status) => {
    const { ask } = await start({ ALLOWED_IPS: '2001:db8::/32', TRUST_PROXY: '1' });
    expect((await ask(genuine, { 'x-forwarded-for': forwarded })).status).toBe(status);
  });
});

describe('failed verifications', () => {
  it.each([
    ['the ports of an IPv4 address', (index: number) => `198.51.100.1:${index + 1}`],
    ['the addresses of an IPv6 /64', (index: number) => `[2001:db8::${index.toString(16)}]:443`],
  ])('count %s together', async (_what, sourceOf) => {
    const { ask } = await start({ TRUST_PROXY: '1' });
    await Promise.all(Array.from({ length: 600 }, (_, index) => ask(forged, { 'x-forwarded-for': sourceOf(index) })));
    expect((await ask(forged, { 'x-forwarded-for': sourceOf(601) })).status).toBe(429);
  });

  it('are limited per address, and genuine callbacks never are', async () => {
    const { ask, metricsText } = await startWithMetrics();
    const first = await Promise.all(Array.from({ length: 600 }, () => ask(forged)));
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set([401]));
    const limited = await ask(forged);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.parse(limited.body)).toMatchObject({ type: 'urn:paycools-webhooks:problem:too-many-failures' });
    expect((await ask(genuine)).status).toBe(200);
    expect(await metricsText()).toContain('outcome="forged"} 601');
  });

  it('of one address do not limit another', async () => {
    const { ask } = await start({ TRUST_PROXY: '1' });
    await Promise.all(Array.from({ length: 601 }, () => ask(forged, { 'x-forwarded-for': '198.51.100.1' })));
    expect((await ask(forged, { 'x-forwarded-for': '198.51.100.1' })).status).toBe(429);
    expect((await ask(forged, { 'x-forwarded-for': '198.51.100.2' })).status).toBe(401);
  });
});

const startWithMetrics = async () => {
  const service = await start();
  return { ...service, metricsText: async () => (await fetch(`${service.opsUrl}/metrics`)).text() };
};

describe('the ambiguity of the signed text', () => {
  it.each([
    ['an id that swallows its neighbour', { mchOrderId: 'M1&remark=x' }],
    ['a time that swallows an unknown member', { returnTime: '2022-05-31 09:38:56&x=' }],
    ['a status with &', { transactionStatus: 'COMPLETE&' }],
    ['a text that swallows a member', { remark: 'cash credit&returnTime=2022-05-31 09:38:56' }],
  ])('makes %s unrecognized, not accepted', async (_name, change) => {
    const { ask, namespace } = await start();
    expect((await ask(sign(payoutFields(change)))).status).toBe(200);
    expect(await waitingEvents(namespace, 'payout')).toEqual([]);
    expect(await waitingEvents(namespace, 'unrecognized')).toHaveLength(1);
  });

  it.each([
    ['reason', { refundReason: 'x&refundStatus=FAILED' }],
    ['name of a member', { 'refundReason=x&refundStatus': 'FAILED' }],
  ])('cannot turn a failed refund into a success by hiding its status in the %s', async (_place, hiding) => {
    const { publicUrl, namespace } = await start();
    const refund = {
      eventName: 'payment.refund.success',
      originalTransactionId: 'C1',
      refundAmount: 100,
      refundTransactionId: 'R1',
    };
    const { sign: captured } = JSON.parse(sign({ ...refund, refundReason: 'x', refundStatus: 'FAILED' })) as {
      sign: string;
    };
    const forgery = { ...refund, ...hiding, sign: captured };
    expect((await post(`${publicUrl}/callbacks/refund`, JSON.stringify(forgery))).status).toBe(200);
    expect(await waitingEvents(namespace, 'refund')).toEqual([]);
    expect(await waitingEvents(namespace, 'unrecognized')).toMatchObject([{ data: { reason: AMBIGUOUS } }]);
  });

  it('cannot make another transaction of a payout whose remark the attacker chose', async () => {
    const { ask, namespace } = await start();
    const hidden = 'returnTime=2022-05-31 09:38:56&transactionId=D-OTHER&transactionStatus=COMPLETE';
    const { sign: captured, ...signed } = JSON.parse(sign(payoutFields({ remark: `x&${hidden}&z=` })));
    const rest = `&returnTime=${signed.returnTime}&transactionId=${signed.transactionId}&transactionStatus=${signed.transactionStatus}`;
    const forgery = { ...signed, remark: 'x', transactionId: 'D-OTHER', z: rest, sign: captured };
    expect((await ask(JSON.stringify(forgery))).status).toBe(200);
    expect(await waitingEvents(namespace, 'payout')).toEqual([]);
    expect(await waitingEvents(namespace, 'unrecognized')).toMatchObject([{ data: { reason: AMBIGUOUS } }]);
  });

  it('does not affect & and = in free text', async () => {
    const { ask, namespace } = await start();
    await ask(sign(payoutFields({ remark: 'a=1 & b&c' })));
    expect(await waitingEvents(namespace, 'payout')).toMatchObject([{ data: { remark: 'a=1 & b&c' } }]);
  });
});
