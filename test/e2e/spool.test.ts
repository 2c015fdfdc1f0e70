import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';
import { startServiceProcess } from '../support/service-process.ts';

const ACKNOWLEDGED = { status: 200, body: '{"code":1,"msg":"success","data":{}}' };

const start = async (env: Record<string, string> = {}, args: string[] = []) => {
  const redis = await startOwnRedis({ args });
  const service = await startTestService({
    env: { REDIS_URL: redis.url, ENQUEUE_TIMEOUT_MS: '300', SPOOL_DIR: temporaryFolder(), ...env },
    waitsForReady: args.length === 0,
  });
  const restartRedis = () => startOwnRedis({ port: redis.port });
  const admin = new Redis(redis.url, { lazyConnect: true });
  onTestFinished(() => admin.disconnect());
  const send = (change: Record<string, unknown> = {}) => postPayout(service.publicUrl, change);
  const readiness = async () => {
    const answer = await fetch(`${service.opsUrl}/readyz`);
    return { code: answer.status, ...((await answer.json()) as { status: string; reasons: Record<string, string> }) };
  };
  const queued = async () =>
    (await waitingEvents({ ...service.namespace, redis: admin }, 'payout')).map(({ subject }) => subject);
  const spooled = async () =>
    Number(/^paycools_spool_events (\d+)/m.exec(await (await fetch(`${service.opsUrl}/metrics`)).text())?.[1]);
  return { ...service, redis, restartRedis, admin, send, readiness, queued, spooled };
};

describe('while Redis is unavailable, with a spool', () => {
  it('acknowledges callbacks, stays ready, and moves them to Redis in order once it is back', async () => {
    const { redis, restartRedis, send, readiness, queued, spooled, logLines } = await start();
    await redis[Symbol.asyncDispose]();
    for (const id of ['D1', 'D2', 'D3', 'D2']) expect(await send({ transactionId: id })).toMatchObject(ACKNOWLEDGED);
    expect(await readiness()).toMatchObject({ code: 200, status: 'degraded', reasons: { redis: expect.any(String) } });
    expect(await spooled()).toBe(3); // the duplicate is stored once
    expect(logLines.join('')).toContain('"outcome":"spooled"');
    await restartRedis();
    await expect.poll(spooled, { timeout: 10_000 }).toBe(0);
    expect(await queued()).toEqual(['D1', 'D2', 'D3']);
    expect(await readiness()).toMatchObject({ code: 200, status: 'ready', reasons: {} });
  });

  it('meets the deadline and stores once when Redis hangs', async () => {
    const { redis, send, queued, spooled } = await start();
    redis.process.kill('SIGSTOP');
    const started = performance.now();
    expect(await send()).toMatchObject(ACKNOWLEDGED);
    expect(performance.now() - started).toBeLessThan(300 + 300);
    redis.process.kill('SIGCONT');
    await expect.poll(spooled, { timeout: 10_000 }).toBe(0);
    expect(await send()).toMatchObject(ACKNOWLEDGED);
    expect(await queued()).toEqual(['D1032653961082864323']);
  });

  it.each([
    ['paused', ['CLIENT', 'PAUSE', '1500']],
    ['read-only', ['REPLICAOF', '127.0.0.1', '1']],
    ['out of memory', ['CONFIG', 'SET', 'maxmemory', '1']],
    ['weakened', ['CONFIG', 'SET', 'appendfsync', 'everysec']],
  ])('spools callbacks until it can store them when Redis is %s', async (_name, [command = '', ...args]) => {
    const { admin, send, queued, spooled, opsUrl } = await start();
    await admin.call(command, ...args);
    if (command === 'CONFIG') await fetch(`${opsUrl}/readyz`); // otherwise it would be noticed seconds later
    expect(await send()).toMatchObject(ACKNOWLEDGED);
    expect(await spooled()).toBe(1);
    await admin.replicaof('NO', 'ONE');
    await admin.config('SET', 'maxmemory', '0');
    await admin.config('SET', 'appendfsync', 'always');
    await expect.poll(spooled, { timeout: 10_000 }).toBe(0);
    expect(await queued()).toEqual(['D1032653961082864323']);
  });

  it('spools unrecognized callbacks too', async () => {
    const { redis, restartRedis, send, spooled, admin, namespace } = await start();
    await redis[Symbol.asyncDispose]();
    expect(await send({ eventName: 'disbursement.unheard' })).toMatchObject(ACKNOWLEDGED);
    await restartRedis();
    await expect.poll(spooled, { timeout: 10_000 }).toBe(0);
    expect(await waitingEvents({ ...namespace, redis: admin }, 'unrecognized')).toHaveLength(1);
  });

  it('answers 503 and reports it when the spool is full, and loses nothing', async () => {
    const env = { SPOOL_MAX_BYTES: '65536' };
    const { redis, restartRedis, send, readiness, queued, spooled } = await start(env);
    await redis[Symbol.asyncDispose]();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => send({ transactionId: `D${1000 + index}`, remark: 'x'.repeat(300) })),
    );
    const accepted = answers.filter(({ status }) => status === 200).length;
    expect(accepted).toBeGreaterThan(50);
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(200 - accepted);
    expect(await readiness()).toMatchObject({ code: 503, status: 'not ready', reasons: { spool: expect.any(String) } });
    await restartRedis();
    await expect.poll(spooled, { timeout: 10_000 }).toBe(0);
    expect(await queued()).toHaveLength(accepted);
  });

  it('answers 503 when the spool is damaged, and reports it at /readyz', async () => {
    const spoolDir = temporaryFolder();
    writeFileSync(join(spoolDir, 'spool.sqlite'), 'no database '.repeat(1000));
    const { redis, send, readiness } = await start({ SPOOL_DIR: spoolDir }, ['--loglevel', 'notice']);
    expect(await readiness()).toMatchObject({ code: 503, reasons: { spool: expect.stringContaining('damaged') } });
    await redis[Symbol.asyncDispose]();
    expect((await send()).status).toBe(503);
  });

  it('loses no spooled callback when the service is killed', async () => {
    const { redis, restartRedis, namespace, queued } = await start();
    const env = { REDIS_URL: redis.url, QUEUE_PREFIX: namespace.prefix, SPOOL_DIR: temporaryFolder() };
    await redis[Symbol.asyncDispose]();
    const first = await startServiceProcess({ env, waitsForReady: false });
    const bodies = Array.from({ length: 20 }, (_, index) => sign(payoutFields({ transactionId: `K${10 + index}` })));
    const answers = await Promise.all(bodies.map((body) => post(`${first.publicUrl}/callbacks`, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    first.child.kill('SIGKILL');
    await first.ended;
    await restartRedis();
    await startServiceProcess({ env });
    await expect.poll(async () => (await queued()).length, { timeout: 10_000 }).toBe(20);
  });
});

describe('a Redis that is not durable', () => {
  it.each([
    ['has no append-only file', ['--appendonly', 'no'], 'set `appendonly yes`'],
    ['syncs once a second', ['--appendfsync', 'everysec'], 'set `appendfsync always`'],
    ['evicts keys', ['--maxmemory-policy', 'allkeys-lru'], 'set `maxmemory-policy noeviction`'],
    ['hides its configuration', ['--rename-command', 'CONFIG', ''], 'Redis hides its configuration'],
  ])('makes the service not ready and sends callbacks to the spool when it %s', async (_name, args, sentence) => {
    const { send, readiness, spooled } = await start({}, args);
    await expect
      .poll(readiness)
      .toMatchObject({ code: 503, status: 'not ready', reasons: { durability: expect.stringContaining(sentence) } });
    expect(await send()).toMatchObject(ACKNOWLEDGED);
    expect(await spooled()).toBe(1);
  });

  it('is good enough for DURABILITY=none', async () => {
    const { send, readiness, queued } = await start({ DURABILITY: 'none' }, ['--appendonly', 'no']);
    await expect.poll(readiness).toMatchObject({ code: 200, status: 'ready' });
    expect(await send()).toMatchObject(ACKNOWLEDGED);
    expect(await queued()).toHaveLength(1);
  });

  it('is reported for DURABILITY=replicas:1 when it has no replica', async () => {
    const { readiness } = await start({ DURABILITY: 'replicas:1' }, ['--loglevel', 'notice']);
    await expect
      .poll(readiness)
      .toMatchObject({ reasons: { durability: expect.stringContaining('0 of the 1 replicas') } });
  });
});
