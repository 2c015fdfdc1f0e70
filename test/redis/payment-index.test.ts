import { describe, expect, it } from 'vitest';
import type { IndexHit } from '../../src/operate/ports.ts';
import { RedisPaymentIndex } from '../../src/redis/index/payment-index.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const RETENTION_MS = 30 * 86_400_000;

const start = async () => {
  const { publicUrl, namespace } = await startTestService();
  const merchants = () => ['default'];
  const index = new RedisPaymentIndex({ ...namespace, retentionMs: RETENTION_MS, merchants, now: Date.now });
  const send = (path: string, fields: Record<string, unknown>) => post(`${publicUrl}/callbacks/${path}`, sign(fields));
  const found = async (text: string): Promise<readonly IndexHit[]> => {
    let hits: readonly IndexHit[] = [];
    const isFound = async (): Promise<boolean> => {
      hits = await index.find(text, 50);
      return hits.length > 0;
    };
    await until(isFound, { what: `${text} is found`, timeoutMs: 5000 });
    return hits;
  };
  return { namespace, index, send, found };
};

const REFUND = {
  eventName: 'payment.refund.success',
  mchRefundOrderId: 'Refund-Order-1',
  refundTransactionId: 'R1',
  originalTransactionId: 'T1',
  refundAmount: 10_000,
  refundStatus: 'COMPLETE',
};
const AUTHORIZATION = {
  channelCode: 'PH_GCASH_DIRECT_DEBIT',
  eventName: 'token.create.success',
  paytoken: 'TK1U2ODY9EPKRSOSU9',
  requestId: 'Joeyi2qzl5pv1a4wpxxxv100',
  tokenStatus: 'ACTIVED',
  userId: 'u00012',
};

describe('the index', () => {
  it('finds a payment by its order and its transaction, by a prefix and in any case', async () => {
    const { send, found } = await start();
    await send('payout', payoutFields({ transactionId: 'D1x', mchOrderId: 'Conf-1' }));
    const key = { merchant: 'default', kind: 'transaction', id: 'D1x' };
    for (const text of ['D1x', 'd1X', 'Conf-1', 'CONF-1']) expect(await found(text)).toEqual([{ key, isExact: true }]);
    for (const text of ['d1', 'conf']) expect(await found(text)).toEqual([{ key, isExact: false }]);
  });

  it.each(['R1', 'refund-order-1', 't1'])(
    'finds a refund by %s: its own id, the merchant’s or the payment’s',
    async (text) => {
      const { send, found } = await start();
      await send('refund', REFUND);
      expect(await found(text)).toEqual([{ key: { merchant: 'default', kind: 'refund', id: 'R1' }, isExact: true }]);
    },
  );

  it.each([
    ['R1', 'the merchant’s id, then both', ['mchRefundOrderId'], ['mchRefundOrderId', 'refundTransactionId']],
    ['R1', 'both, then PayCools’s id', ['mchRefundOrderId', 'refundTransactionId'], ['refundTransactionId']],
    [
      'refund-order-1',
      'both, then the merchant’s id',
      ['mchRefundOrderId', 'refundTransactionId'],
      ['mchRefundOrderId'],
    ],
  ])('finds one refund by %s when it is reported with %s', async (text, _names, first, second) => {
    const { send, found, index } = await start();
    const { mchRefundOrderId: _order, refundTransactionId: _id, ...rest } = REFUND;
    const named = (names: readonly string[]) => ({
      ...rest,
      ...Object.fromEntries(names.map((name) => [name, REFUND[name as 'mchRefundOrderId']])),
    });
    await send('refund', { ...named(first), refundStatus: 'PENDING' });
    await send('refund', named(second));
    await send('payout', payoutFields({ transactionId: 'D-last' }));
    await found('D-last');
    const hits = await found(text);
    expect(hits).toHaveLength(1);
    expect(await found('t1')).toEqual(hits);
    const [hit] = hits;
    const milestones = await index.milestones(hit?.key ?? { merchant: '', kind: 'refund', id: '' });
    expect(milestones.map(({ type }) => type)).toEqual(['refund.pending', 'refund.succeeded']);
  });

  it('finds an authorization by its request and its user, never by its token', async () => {
    const { send, found, index } = await start();
    await send('direct-debit', AUTHORIZATION);
    const key = { merchant: 'default', kind: 'authorization', id: AUTHORIZATION.requestId };
    expect(await found('joeyi2')).toEqual([{ key, isExact: false }]);
    expect(await found('u00012')).toEqual([{ key, isExact: true }]);
    expect(await index.find(AUTHORIZATION.paytoken, 50)).toEqual([]);
  });

  it('keeps the milestones of a payment, and finds it by the event', async () => {
    const { send, found, index } = await start();
    await send('payout', payoutFields({ transactionId: 'D1' }));
    const [hit] = await found('D1');
    const [milestone] = await index.milestones(hit?.key ?? { merchant: '', kind: 'transaction', id: '' });
    expect(milestone).toMatchObject({
      outcome: 'accepted',
      type: 'payout.succeeded',
      amount: { minor: 312_500, currency: 'PHP' },
      eventId: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
    });
    expect(await found(milestone?.eventId ?? '')).toEqual([{ key: hit?.key, isExact: true }]);
    expect(await found(milestone?.eventId?.slice(0, 12) ?? '')).toEqual([{ key: hit?.key, isExact: false }]);
    // Other ids may begin like event ids too; events must not hide them.
    for (const text of ['e', 'evt', 'evt_']) expect(await index.find(text, 50)).toEqual([]);
  });

  it('takes no more memory for a callback that is repeated', async () => {
    const { send, found, index } = await start();
    for (let count = 0; count < 20; count += 1) await send('payout', payoutFields({ transactionId: 'D1' }));
    await send('payout', payoutFields({ transactionId: 'D-last' }));
    await found('D-last');
    expect(await index.milestones({ merchant: 'default', kind: 'transaction', id: 'D1' })).toHaveLength(1);
  });

  it('expires with the ledger', async () => {
    const { send, found, namespace } = await start();
    await send('payout', payoutFields({ transactionId: 'D1' }));
    await found('D1');
    const keys = await namespace.redis.keys(`${namespace.prefix}:{index:*`);
    const lives = await Promise.all(keys.map((key) => namespace.redis.pttl(key)));
    expect(lives.every((life) => life > 7 * 86_400_000 && life <= RETENTION_MS + 86_400_000)).toBe(true);
  });
});
