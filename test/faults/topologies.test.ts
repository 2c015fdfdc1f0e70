import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { payoutFields, post, sign } from '../support/callback.ts';
import { ReceiverProcess } from '../support/receiver-process.ts';
import { openCluster } from '../support/topologies/open-cluster.ts';
import { openSentinel } from '../support/topologies/open-sentinel.ts';
import { openTls } from '../support/topologies/open-tls.ts';
import { newDataDir, type Topology } from '../support/topologies/topology.ts';
import { until } from '../support/until.ts';
import { CALLBACK_SECRET } from './suite/numbered.ts';
import { readQueues } from './suite/stock.ts';

const PREFIX = 'topology';
const TIMEOUT_MS = 60_000;

const openSpoolDir = (): string => {
  const path = newDataDir('spool');
  mkdirSync(path, { recursive: true });
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const startReceiver = async ({ url, env }: Topology): Promise<ReceiverProcess> => {
  const receiver = await ReceiverProcess.start({
    env: {
      PAYCOOLS_CALLBACK_SECRET: CALLBACK_SECRET,
      QUEUE_PREFIX: PREFIX,
      REDIS_URL: url,
      SPOOL_DIR: openSpoolDir(),
      ...env,
    },
  });
  onTestFinished(() => receiver[Symbol.asyncDispose]());
  await until(() => receiver.isReady(), { what: 'the receiver is ready', timeoutMs: TIMEOUT_MS / 3 });
  return receiver;
};

/** Posts one callback, the same again, and gives what a consumer of this topology finds. */
const storeOne = async (topology: Topology) => {
  const receiver = await startReceiver(topology);
  const body = sign(payoutFields(), CALLBACK_SECRET);
  const statuses = [];
  for (let times = 0; times < 2; times += 1) {
    statuses.push((await post(`${receiver.publicUrl}/callbacks/payout`, body)).status);
  }
  const client = await topology.connect();
  const stored = await readQueues(client, PREFIX);
  client.disconnect();
  return { statuses, stored: stored.map(({ where, transaction, amount }) => [where, transaction, amount]) };
};

const once = { statuses: [200, 200], stored: [['payout', 'D1032653961082864323', 312500]] };

describe('the service stores a callback once', { timeout: TIMEOUT_MS }, () => {
  it('over TLS, with a certificate of an authority of our own (rediss://)', async () => {
    await using topology = await openTls();
    expect(await storeOne(topology)).toEqual(once);
  });

  it('on a primary that sentinels name, when its replica has confirmed (redis+sentinel://)', async () => {
    await using topology = await openSentinel({ replicas: 1 });
    expect(await storeOne(topology)).toEqual(once);
  });

  it('on a cluster of three nodes (redis+cluster://)', async () => {
    await using topology = await openCluster();
    expect(await storeOne(topology)).toEqual(once);
  });
});

describe('the test kit', { timeout: TIMEOUT_MS }, () => {
  it.each([
    ['sentinel', () => openSentinel({ replicas: 1 })],
    ['cluster', openCluster],
    ['tls', openTls],
  ] as const)('opens a set-up that works: %s', async (_name, open) => {
    await using topology = await open();
    const client = await topology.connect();
    onTestFinished(() => client.disconnect());
    await client.set('{kit}', 'works');
    expect(await client.get('{kit}')).toBe('works');
  });
});
