import type { Cluster } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { IndexCompactor } from '../../src/redis/index/index-compactor.ts';
import { RedisPaymentIndex } from '../../src/redis/index/payment-index.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { startTestService } from '../support/service.ts';
import { openCluster } from '../support/topologies/open-cluster.ts';
import { until } from '../support/until.ts';

const DAY_MS = 86_400_000;

const REFUND = {
  eventName: 'payment.refund.success',
  mchRefundOrderId: 'RO-1',
  originalTransactionId: 'T-1',
  refundAmount: 100,
  refundStatus: 'PENDING',
};

const fail = (error: unknown): never => {
  throw error;
};

it('the index finds payments in a cluster: by id, prefix and event, and a refund by each of its ids', async () => {
  const topology = disposeWithTest(await openCluster());
  const { publicUrl, namespace } = await startTestService({ env: { REDIS_URL: topology.url, ...topology.env } });
  const redis = (await topology.connect()) as Cluster;
  onTestFinished(() => redis.disconnect());
  const { prefix } = namespace;
  const merchants = () => ['default'];
  const index = new RedisPaymentIndex({ redis, prefix, retentionMs: 30 * DAY_MS, merchants, now: Date.now });
  const send = async (fields: Record<string, unknown>) =>
    expect(await post(`${publicUrl}/callbacks`, sign(fields))).toMatchObject({ status: 200 });

  const orders = Array.from({ length: 150 }, (_, number) => `Order-${String(number).padStart(3, '0')}`);
  await Promise.all(orders.map((mchOrderId) => send(payoutFields({ mchOrderId, transactionId: `D-${mchOrderId}` }))));
  await send(REFUND);
  await send({ ...REFUND, refundTransactionId: 'R-1', refundStatus: 'COMPLETE' });
  const count = async (text: string) => (await index.find(text, 1000)).length;
  await until(async () => (await count('order-')) === 150 && (await count('r-1')) === 1, {
    what: 'all are indexed',
    timeoutMs: 15_000,
  });

  const [hit] = await index.find('ORDER-149', 10);
  expect(hit).toEqual({ key: { merchant: 'default', kind: 'transaction', id: 'D-Order-149' }, isExact: true });
  const [milestone] = await index.milestones({ merchant: 'default', kind: 'transaction', id: 'D-Order-149' });
  expect(milestone).toMatchObject({ outcome: 'accepted', type: 'payout.succeeded' });
  expect(await index.find(milestone?.eventId ?? '', 10)).toEqual([hit]);
  expect(await count('order-14')).toBe(10);
  expect(await index.find('r-1', 10)).toEqual(await index.find('ro-1', 10));
  using compactor = new IndexCompactor({ redis, prefix, now: () => Date.now() + 2 * DAY_MS, onError: fail });
  await compactor.compact();
  expect(await count('order-')).toBe(150);
  expect(await index.find('ORDER-149', 10)).toEqual([hit]);
  const nodes = await Promise.all(topology.nodes.map(({ admin }) => admin.keys(`${prefix}:{index:*:ids:*`)));
  expect(nodes.flat().length).toBeGreaterThan(2); // the ids fill more than one block
}, 60_000);
