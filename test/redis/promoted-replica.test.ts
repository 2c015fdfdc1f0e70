import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { postPayout } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';
import { follow } from '../support/topologies/open-sentinel.ts';
import { RedisNode } from '../support/topologies/redis-node.ts';
import { TcpProxy } from '../support/topologies/tcp-proxy.ts';
import { newDataDir } from '../support/topologies/topology.ts';
import { until } from '../support/until.ts';

const KEYS = 100;
/** How long the rewrite takes per key, in microseconds: 20 s in total, longer than the test. */
const SLOW = '200000';
const NUMBERS = 60;

const startNode = async (args: readonly string[] = []): Promise<RedisNode> => {
  return disposeWithTest(await RedisNode.start({ dataDir: newDataDir('promoted'), args }));
};

it('no callback is lost when a promoted replica is killed while it writes its first append-only file', async () => {
  const first = await startNode(['--repl-diskless-sync-delay', '0']);
  await first.admin.mset(Array.from({ length: KEYS }, (_, index) => [`filler-${index}`, 'x']).flat());
  const proxy = disposeWithTest(await TcpProxy.start(first.port));
  const service = await startTestService({
    env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, SPOOL_DIR: temporaryFolder() },
  });
  const spooled = async (): Promise<number> => {
    const text = await (await fetch(`${service.opsUrl}/metrics`)).text();
    return Number(/^paycools_spool_events (\d+)/m.exec(text)?.[1]);
  };
  const replica = await startNode();
  await replica.admin.config('SET', 'rdb-key-save-delay', SLOW);
  await follow(replica, first);
  await first.admin.call('FAILOVER', 'TO', '127.0.0.1', String(replica.port));
  const isPromoted = async () => (await replica.admin.info('replication')).includes('role:master');
  await until(isPromoted, { what: 'the replica is the primary', timeoutMs: 10_000 });
  proxy.pointTo(replica.port);
  proxy.cut();
  proxy.heal();
  expect(await replica.admin.info('persistence')).toContain('aof_rewrite_in_progress:1');
  const isReached = async () => String(await replica.admin.client('LIST')).includes('name=paycools-receiver');
  await until(isReached, { what: 'the service has reached the new primary', timeoutMs: 10_000 });
  const acknowledged: string[] = [];
  for (let number = 1; number <= NUMBERS; number += 1) {
    const id = `D${number}`;
    const { status } = await postPayout(service.publicUrl, { transactionId: id });
    if (status === 200) acknowledged.push(id);
  }
  expect(await spooled()).toBe(NUMBERS);
  await replica.kill();
  await replica.start();
  await until(async () => (await spooled()) === 0, { what: 'drained', timeoutMs: 15_000 });
  const redis = new Redis({ port: replica.port });
  onTestFinished(() => redis.disconnect());
  const events = await waitingEvents({ ...service.namespace, redis }, 'payout');
  expect(events.map(({ subject }) => subject).sort()).toEqual(acknowledged.sort());
  expect(acknowledged).toHaveLength(NUMBERS);
}, 60_000);
