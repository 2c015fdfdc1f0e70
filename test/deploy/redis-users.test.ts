import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { paycools } from '../cli/support.ts';
import { post, postPayout, sign, verificationFields } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { SECRET, startTestService, untilReady } from '../support/service.ts';
import { openCluster } from '../support/topologies/open-cluster.ts';
import { startComposeRedis } from './compose-redis.ts';
import { makeSecrets } from './make-secrets.ts';

/** The rules of the user in the file, without its name and password. */
const userRules = (): string[] => {
  const line = readFileSync('docker/redis-users.acl', 'utf8')
    .split('\n')
    .find((it) => it.startsWith('user paycools '));
  return (line ?? '')
    .split(' ')
    .slice(2)
    .filter((word) => !word.startsWith('#'));
};

const connect = (url: string): Redis => {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, enableReadyCheck: false });
  onTestFinished(() => redis.disconnect());
  return redis;
};

/** Sends a callback and a payment verification through a service and a worker on this Redis, and reads readiness and metrics. */
const tryOut = async (url: string) => {
  const seen = Promise.withResolvers<string>();
  const service = await startTestService({
    env: { REDIS_URL: url, QUEUE_PREFIX: 'paycools' },
    waitsForReady: false,
  });
  await untilReady(service.opsUrl, 20_000);
  const consumer = createConsumer({
    redis: url,
    handlers: { payout: async ({ type }, { once }) => void (await once(async () => seen.resolve(type))) },
    verification: () => ({ answer: 'accept' }),
    onError: seen.reject,
  });
  onTestFinished(() => consumer.close());
  await consumer.ready();
  const readiness = await (await fetch(`${service.opsUrl}/readyz`)).json();
  const { status } = await postPayout(service.publicUrl);
  const event = await seen.promise;
  const reply = (await post(`${service.publicUrl}/callbacks`, sign(verificationFields()))).body;
  const metrics = await (await fetch(`${service.opsUrl}/metrics`)).text();
  return {
    readiness,
    status,
    event,
    reply,
    failed: /^paycools_queue_jobs\{queue="payout",state="failed"\} (.+)$/m.exec(metrics)?.[1],
  };
};

const ALL_WELL = {
  readiness: { status: 'ready', reasons: {} },
  status: 200,
  event: 'com.paycools.payout.succeeded',
  reply: '{"code":2000,"msg":"Success"}',
  failed: '0',
};

describe('the user of the service', () => {
  it('may do everything that callbacks, workers, payment verifications and the durability check need', async () => {
    expect(await tryOut((await startComposeRedis()).url)).toEqual(ALL_WELL);
  });

  it('may do the same on a cluster', async () => {
    const cluster = disposeWithTest(await openCluster());
    const { password } = new URL(makeSecrets()['redis-url'] ?? '');
    for (const { admin } of cluster.nodes) await admin.acl('SETUSER', 'paycools', ...userRules(), `>${password}`);
    expect(await tryOut(cluster.url.replace('//', `//paycools:${password}@`))).toEqual(ALL_WELL);
  }, 60_000);

  it('satisfies paycools doctor', async () => {
    const { url } = await startComposeRedis();
    const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: url, SPOOL_DIR: temporaryFolder() };
    expect(await paycools(['doctor'], { env })).toMatchObject({ code: 0, err: '' });
  });

  it('may write and read its own streams', async () => {
    const redis = connect((await startComposeRedis()).url);
    await redis.xadd('paycools:journal', 'MAXLEN', '~', 1000, '*', 'a', '1');
    expect(await redis.xlen('paycools:journal')).toBe(1);
    expect(await redis.xrevrange('paycools:journal', '+', '-', 'COUNT', 1)).toHaveLength(1);
  });

  it.each([
    ['read a foreign key', (redis: Redis) => redis.get('other:key')],
    ['write a foreign key', (redis: Redis) => redis.set('other:key', '1')],
    [
      'read a foreign key in a script',
      (redis: Redis) => redis.eval("return redis.call('GET', KEYS[1])", 1, 'other:key'),
    ],
    ['empty the server', (redis: Redis) => redis.flushall()],
    ['list every key', (redis: Redis) => redis.keys('*')],
    ['change the configuration', (redis: Redis) => redis.config('SET', 'appendfsync', 'no')],
    ['create users', (redis: Redis) => redis.acl('SETUSER', 'x')],
    ['stop the server', (redis: Redis) => redis.shutdown()],
    ['change the replication', (redis: Redis) => redis.replicaof('NO', 'ONE')],
  ])('may not %s', async (_, attempt) => {
    const redis = connect((await startComposeRedis()).url);
    await expect(attempt(redis)).rejects.toThrow(/NOPERM|ACL|permissions/);
  });

  it('is the only user: without its password, Redis answers only PING', async () => {
    const { url } = await startComposeRedis();
    const redis = connect(url.replace(/\/\/.*@/, '//'));
    expect(await redis.ping()).toBe('PONG');
    await expect(redis.get('paycools:x')).rejects.toThrow(/NOPERM/);
    await expect(redis.info()).rejects.toThrow(/NOPERM/);
  });
});
