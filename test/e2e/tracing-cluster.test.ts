import { expect, it } from 'vitest';
import { postPayout } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { openCluster } from '../support/topologies/open-cluster.ts';
import { startTraced } from '../support/tracing.ts';

it('callbacks that arrive together are each enqueued in their own trace on a cluster', {
  timeout: 60_000,
}, async () => {
  const topology = disposeWithTest(await openCluster());
  const { publicUrl, stop, collector } = await startTraced({ ...topology.env, REDIS_URL: topology.url });
  const ids = Array.from({ length: 30 }, (_, index) => `D${index}`);
  await Promise.all(ids.map((transactionId) => postPayout(publicUrl, { transactionId })));
  expect(await stop()).toBe(0);
  const requests = collector.spans().filter(({ name }) => name === 'POST /callbacks/:product');
  const added = collector.spans().filter(({ name }) => name.startsWith('add {payout}'));
  const parts = (span: (typeof requests)[number], parent: string, event: string) => [
    span.traceId,
    parent,
    span.attributes[event],
  ];
  expect(added).toHaveLength(ids.length);
  expect(added.map((span) => parts(span, span.parentId, 'bullmq.job.id')).toSorted()).toEqual(
    requests.map((span) => parts(span, span.spanId, 'paycools.event.id')).toSorted(),
  );
});
