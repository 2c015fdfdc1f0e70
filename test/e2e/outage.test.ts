import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postPayout } from '../support/callback.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { startTestService, untilReady } from '../support/service.ts';

const start = async () => {
  const redis = await startOwnRedis();
  const service = await startTestService({ env: { REDIS_URL: redis.url, ENQUEUE_TIMEOUT_MS: '300' } });
  const send = async (change: Record<string, unknown> = {}) => {
    const started = performance.now();
    const answer = await postPayout(service.publicUrl, change);
    return { ...answer, ms: performance.now() - started };
  };
  return { ...service, redis, send };
};

describe('while Redis is unavailable', () => {
  it('answers 503 at once, is not ready, and accepts the same callback once Redis is back', async () => {
    const { redis, send, opsUrl } = await start();
    await redis[Symbol.asyncDispose]();
    const { status, headers, ms } = await send();
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '5' });
    expect(ms).toBeLessThan(300 + 200);
    const readiness = await fetch(`${opsUrl}/readyz`);
    expect([readiness.status, await readiness.json()]).toEqual([
      503,
      {
        status: 'not ready',
        reasons: { redis: expect.stringMatching(/refused the connection|was lost/) },
      },
    ]);
    const metrics = await (await fetch(`${opsUrl}/metrics`)).text();
    expect(metrics).toContain('paycools_redis_up 0');
    expect(metrics).not.toContain('paycools_queue_jobs{'); // no figures are better than old ones
    await startOwnRedis({ port: redis.port });
    await untilReady(opsUrl);
    expect(await send()).toMatchObject({ status: 200 });
  });

  it('answers 503 within the deadline when Redis hangs, and duplicates nothing when it recovers', async () => {
    const { redis, send, opsUrl } = await start();
    redis.process.kill('SIGSTOP');
    const hung = await send();
    expect(hung.status).toBe(503);
    expect(hung.ms).toBeLessThan(300 + 200);
    redis.process.kill('SIGCONT');
    await untilReady(opsUrl);
    expect(await send()).toMatchObject({ status: 200 });
    expect(await send()).toMatchObject({ status: 200 });
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());
    const waiting = await client.keys('*{payout}:wait');
    expect(await client.llen(waiting[0] ?? '')).toBe(1);
  });
});
