import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { products } from '../../src/products/registry.ts';
import { post, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { exampleFields } from '../support/examples.ts';
import { isLongForm } from '../support/long-form.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';
import { addReplica, moveSlots, openCluster } from '../support/topologies/open-cluster.ts';
import { newDataDir } from '../support/topologies/topology.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 120_000;
const FAMILIES = ['qr-code', 'web-payment'] as const;
const NAMES = { 'qr-code': 'qrcode.payment.success', 'web-payment': 'h5.payment.success' } as const;

/** Opens a cluster and two receivers that get every payment as two families. */
const openScene = async () => {
  const topology = disposeWithTest(await openCluster());
  const redis = (await topology.connect()) as Cluster;
  onTestFinished(() => redis.disconnect());
  const prefix = 'moves';
  const spools = [1, 2].map((number) => join(newDataDir('spool'), String(number)));
  onTestFinished(() => {
    for (const dir of spools) rmSync(dir, { recursive: true, force: true });
  });
  const receivers = await Promise.all(
    spools.map((SPOOL_DIR) =>
      startTestService({ env: { ...topology.env, REDIS_URL: topology.url, QUEUE_PREFIX: prefix, SPOOL_DIR } }),
    ),
  );
  const fields = exampleFields('qr-code', 'qrcode.payment.success');
  const statuses = new Set<number>();
  let sent = 0;
  const sendOne = async (): Promise<void> => {
    sent += 1;
    const transactionId = `T${sent}`;
    const posts = FAMILIES.flatMap((family) =>
      receivers.map(({ publicUrl }) =>
        post(`${publicUrl}/callbacks/${family}`, sign({ ...fields, transactionId, eventName: NAMES[family] })),
      ),
    );
    for (const { status } of await Promise.all(posts)) statuses.add(status);
  };
  /** Sends payments while something happens to the cluster. */
  const sendDuring = async (work: () => Promise<void>): Promise<void> => {
    let isOver = false;
    const sending = (async () => {
      while (!isOver || sent < 50) await sendOne();
    })();
    await work().finally(() => {
      isOver = true;
    });
    await sending;
  };
  const stored = async () =>
    (await Promise.all(products.map(({ product }) => waitingEvents({ prefix, redis }, product)))).flat();
  /** Checks that every payment is on one queue, once. */
  const expectEachOnce = async (): Promise<void> => {
    await until(async () => new Set((await stored()).map(({ subject }) => subject)).size === sent, {
      what: 'the spools are empty',
      timeoutMs: TIMEOUT_MS / 3,
    });
    expect([...statuses]).toEqual([200]);
    expect(await stored()).toHaveLength(sent);
  };
  return { topology, prefix, sendDuring, expectEachOnce };
};

it('no event is lost or stored twice while the slots of queues and subjects move', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { topology, prefix, sendDuring, expectEachOnce } = await openScene();
  const [first, second, third] = topology.nodes;
  if (first === undefined || second === undefined || third === undefined) throw new Error('there are three nodes');
  const subjects = Array.from({ length: 12 }, (_, index) => `${prefix}:ledger:default:transaction:T${index * 4}`);
  const keys = [...FAMILIES.map((family) => `{${family}}`), ...subjects];
  const slots = await Promise.all(keys.map(async (key) => Number(await first.admin.cluster('KEYSLOT', key))));
  await sendDuring(async () => {
    for (const to of [first, second, third]) await moveSlots(topology.nodes, slots, to);
  });
  await expectEachOnce();
});

it('no event is lost or stored twice while a replica takes over', { timeout: TIMEOUT_MS }, async () => {
  const { topology, sendDuring, expectEachOnce } = await openScene();
  // One primary; `npm run test:slow` replaces each.
  for (const primary of isLongForm ? topology.nodes : topology.nodes.slice(0, 1)) {
    const replica = disposeWithTest(await addReplica(primary));
    await sendDuring(async () => {
      await replica.admin.cluster('FAILOVER');
      await until(async () => String(await replica.admin.info('replication')).includes('role:master'), {
        what: 'the replica has taken over',
        timeoutMs: TIMEOUT_MS / 4,
      });
    });
  }
  await expectEachOnce();
});
