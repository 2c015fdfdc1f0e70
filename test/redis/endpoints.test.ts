import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { postPayout } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { startTestService } from '../support/service.ts';
import { follow } from '../support/topologies/open-sentinel.ts';
import { RedisNode } from '../support/topologies/redis-node.ts';
import { startSentinel } from '../support/topologies/sentinel-process.ts';
import { TcpProxy } from '../support/topologies/tcp-proxy.ts';
import { newDataDir } from '../support/topologies/topology.ts';
import { until } from '../support/until.ts';

const startNode = async (): Promise<RedisNode> => {
  return disposeWithTest(
    await RedisNode.start({ dataDir: newDataDir('endpoint'), args: ['--repl-diskless-sync-delay', '0'] }),
  );
};

/** A primary with a replica, and an address that always leads to the current primary. */
const startEndpoint = async () => {
  const [first, second] = [await startNode(), await startNode()];
  await follow(second, first);
  const proxy = disposeWithTest(await TcpProxy.start(first.port));
  const moveTo = async (primary: RedisNode, replica: RedisNode): Promise<void> => {
    await primary.admin.replicaof('NO', 'ONE');
    proxy.pointTo(primary.port); // open connections are not moved
    await replica.admin.replicaof('127.0.0.1', primary.port);
  };
  return { first, second, url: `redis://127.0.0.1:${proxy.port}`, moveTo };
};

describe('an endpoint that moves to another primary while the old one continues as its replica', () => {
  it('is followed within 10 seconds by the service and by a consumer', async () => {
    const { first, second, url, moveTo } = await startEndpoint();
    const service = await startTestService({ env: { REDIS_URL: url } });
    const handled: (string | null)[] = [];
    const consumer = createConsumer({
      redis: url,
      prefix: service.namespace.prefix,
      handlers: { payout: ({ subject }) => void handled.push(subject) },
      onError: () => undefined,
    });
    onTestFinished(() => consumer.close());
    await consumer.ready();
    const send = (transactionId: string) => postPayout(service.publicUrl, { transactionId });
    expect(await send('D1')).toMatchObject({ status: 200 });
    await expect.poll(() => handled, { timeout: 5000 }).toEqual(['D1']);
    await moveTo(second, first);
    await until(async () => (await send('D2')).status === 200, { what: 'the service follows', timeoutMs: 10_000 });
    await expect.poll(() => handled, { timeout: 10_000 }).toEqual(['D1', 'D2']);
    const moved = new Redis({ port: second.port });
    onTestFinished(() => moved.disconnect());
    expect(await moved.keys(`${service.namespace.prefix}:ledger:*`)).toHaveLength(2);
  }, 60_000);
});

describe('sentinels with a password', () => {
  const PASSWORD = 'sentinel-password';
  const startWatched = async () => {
    const node = await startNode();
    const options = { name: 'main', primaryPort: node.port, quorum: 1, password: PASSWORD };
    const sentinel = disposeWithTest(await startSentinel(options));
    return `redis+sentinel://127.0.0.1:${sentinel.port}/main`;
  };

  it('are queried with REDIS_SENTINEL_PASSWORD', async () => {
    const env = { REDIS_URL: await startWatched(), REDIS_SENTINEL_PASSWORD: PASSWORD };
    const { publicUrl } = await startTestService({ env });
    expect(await postPayout(publicUrl)).toMatchObject({ status: 200 });
  });

  it('are named as the reason in the log and in readiness when it is missing', async () => {
    const { opsUrl, logLines } = await startTestService({
      env: { REDIS_URL: await startWatched() },
      waitsForReady: false,
    });
    await expect.poll(() => logLines.join(''), { timeout: 5000 }).toContain('refused the user name or password');
    const { reasons } = (await (await fetch(`${opsUrl}/readyz`)).json()) as { reasons: Record<string, string> };
    expect(reasons['redis']).toContain('REDIS_SENTINEL_PASSWORD');
  });
});

describe('the first failure after a start', () => {
  const silent = async (): Promise<string> => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it.each([
    ['a refused connection', async () => 'redis://127.0.0.1:1', 'refused the connection'],
    ['an unknown host', async () => 'redis://redis.invalid', 'unknown host'],
    ['a Redis that never answers', silent, 'timeout'],
  ])('is logged once at level warn and named in readiness: %s', async (_name, url, sentence) => {
    const { opsUrl, logLines } = await startTestService({ env: { REDIS_URL: await url() }, waitsForReady: false });
    const warnings = () => logLines.filter((line) => line.includes('"level":"warn"'));
    await expect.poll(warnings, { timeout: 8000 }).toEqual([expect.stringContaining(sentence)]);
    const readiness = await fetch(`${opsUrl}/readyz`);
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({ reasons: { redis: expect.stringContaining(sentence) } });
    expect(warnings()).toHaveLength(1);
  });
});
