import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { ReceiverProcess } from '../support/receiver-process.ts';
import { openCluster, openTlsCluster } from '../support/topologies/open-cluster.ts';
import { openSentinel } from '../support/topologies/open-sentinel.ts';
import { openTls, openTlsSentinel } from '../support/topologies/open-tls.ts';
import { newDataDir, type Topology } from '../support/topologies/topology.ts';
import { until } from '../support/until.ts';
import { CALLBACK_SECRET } from './suite/numbered.ts';
import { readQueues } from './suite/stock.ts';
import { usesRedis } from './suite/world.ts';

const PREFIX = 'topology';
const TIMEOUT_MS = 60_000;

const openSpoolDir = (): string => {
  const path = newDataDir('spool');
  mkdirSync(path, { recursive: true });
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** A fatal `handshake_failure`, as sent by a server that rejects what the client offers. */
const ALERT = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]);

const startAlertingServer = async (port: number): Promise<void> => {
  const server = createServer((socket) => socket.on('error', () => undefined).end(ALERT)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
};

const startReceiver = async ({ url, env }: Pick<Topology, 'url' | 'env'>): Promise<ReceiverProcess> => {
  return disposeWithTest(
    await ReceiverProcess.start({
      env: {
        PAYCOOLS_CALLBACK_SECRET: CALLBACK_SECRET,
        QUEUE_PREFIX: PREFIX,
        REDIS_URL: url,
        SPOOL_DIR: openSpoolDir(),
        ...env,
      },
    }),
  );
};

/** Posts one callback twice, and returns what a consumer of this topology finds. */
const storeOne = async (topology: Topology) => {
  const receiver = await startReceiver(topology);
  await until(() => usesRedis({ receiver }), { what: 'the receiver uses Redis', timeoutMs: TIMEOUT_MS / 3 });
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

const storedOnce = { statuses: [200, 200], stored: [['payout', 'D1032653961082864323', 312500]] };

describe('the service stores a callback once', { timeout: TIMEOUT_MS }, () => {
  it('over TLS, with a certificate of a private authority (rediss://)', async () => {
    await using topology = await openTls();
    expect(await storeOne(topology)).toEqual(storedOnce);
  });

  it('on the primary of sentinels, once its replica has confirmed (redis+sentinel://)', async () => {
    await using topology = await openSentinel({ replicas: 1 });
    expect(await storeOne(topology)).toEqual(storedOnce);
  });

  it('on a cluster of three nodes (redis+cluster://)', async () => {
    await using topology = await openCluster();
    expect(await storeOne(topology)).toEqual(storedOnce);
  });
});

describe.each([
  ['cluster', openTlsCluster, 'rediss+cluster://'],
  ['set of sentinels', openTlsSentinel, 'rediss+sentinel://'],
] as const)('a %s that announces addresses', { timeout: TIMEOUT_MS }, (_name, open, scheme) => {
  it(`is trusted when its certificate is for the name in REDIS_URL (${scheme})`, async () => {
    await using topology = await open('localhost');
    expect(await storeOne(topology)).toEqual(storedOnce);
  });

  it(`is not trusted when its certificate is for another name (${scheme})`, async () => {
    await using topology = await open('elsewhere.test');
    const receiver = await startReceiver(topology);
    const reason = async (): Promise<string | undefined> => (await receiver.reasons())['redis'];
    await expect.poll(reason, { timeout: 10_000 }).toContain('TLS');
    expect(receiver.unexpectedExits).toEqual([]);
  });
});

describe('a TLS alert from a cluster node', { timeout: TIMEOUT_MS }, () => {
  /** Expects the receiver to accept a callback and then to exit with 0. */
  const expectAlive = async (receiver: ReceiverProcess): Promise<void> => {
    const body = sign(payoutFields(), CALLBACK_SECRET);
    expect(await post(`${receiver.publicUrl}/callbacks/payout`, body)).toMatchObject({ status: 200 });
    expect(receiver.unexpectedExits).toEqual([]);
    expect(await receiver.terminate()).toBe(0);
  };

  it('does not end the process when it arrives while the cluster is in use', async () => {
    await using topology = await openTlsCluster('localhost');
    const receiver = await startReceiver(topology);
    await until(() => usesRedis({ receiver }), { what: 'the receiver uses Redis', timeoutMs: TIMEOUT_MS / 3 });
    const [node] = topology.nodes;
    await node?.kill();
    await startAlertingServer(Number(/:(\d+)/.exec(topology.url)?.[1]));
    await until(async () => !(await usesRedis({ receiver })), { what: 'it is noticed', timeoutMs: TIMEOUT_MS / 3 });
    await expectAlive(receiver);
  });

  it('is named as the reason when it arrives at the start, and does not end the process', async () => {
    const port = await freePort();
    await startAlertingServer(port);
    const receiver = await startReceiver({ url: `rediss+cluster://127.0.0.1:${port}`, env: {} });
    const reason = async (): Promise<string | undefined> => (await receiver.reasons())['redis'];
    await expect.poll(reason, { timeout: 10_000 }).toContain('TLS');
    await expectAlive(receiver);
  });
});

describe('the test kit', { timeout: TIMEOUT_MS }, () => {
  it.each([
    ['sentinel', () => openSentinel({ replicas: 1 })],
    ['cluster', openCluster],
    ['tls', openTls],
  ] as const)('opens a working topology: %s', async (_name, open) => {
    await using topology = await open();
    const client = await topology.connect();
    onTestFinished(() => client.disconnect());
    await client.set('{kit}', 'works');
    expect(await client.get('{kit}')).toBe('works');
  });
});
