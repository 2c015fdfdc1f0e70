import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { startTestService } from '../support/service.ts';
import { ask, startConsole } from './support.ts';

const start = async () => {
  const port = await freePort();
  const redis = await startOwnRedis({ port });
  const env = { REDIS_URL: redis.url, ENQUEUE_TIMEOUT_MS: '300', SPOOL_DIR: temporaryFolder() };
  return { ...(await startConsole(env)), redis, port };
};

it('says on every page that Redis is unavailable, and counts the callbacks in the spool', async () => {
  const { redis, port, send, get, act, page } = await start();
  await send({ transactionId: 'D1', mchOrderId: 'D1' });
  await page('/console', 'D1');
  await redis[Symbol.asyncDispose]();
  await send({ transactionId: 'D2' });
  const overview = await page('/console', 'Degraded');
  expect(overview).toContain('<b>redis</b> ');
  expect(overview).toMatch(/[12] callbacks? waits? in the spool/);
  expect(overview).toContain('only the counts of this replica');
  expect(overview).toContain('2 callbacks in the last hour');
  for (const path of [
    'failed',
    'unrecognized',
    'findings',
    'payments/D1',
    'reconciliation',
    'audit',
    'callbacks/D1',
    'queues/',
  ]) {
    expect([path, await get(`/console/${path}`)]).toMatchObject([
      path,
      { status: 503, body: expect.stringContaining('Redis does not answer.') },
    ]);
  }
  expect((await get('/console/callbacks?id=D1')).body).toContain('Redis does not answer.');
  expect((await act('/console/actions/replay', { id: 'D1' })).body).toContain('repeating is safe');
  await startOwnRedis({ port });
  const after = await page('/console', 'The spool is empty.');
  expect(after).toContain('Ready');
  expect(await page('/console', '2 callbacks in the last hour')).not.toContain('only the counts of this replica');
});

it('holds a page until a connection in progress is established', async () => {
  const redis = await startOwnRedis();
  redis.process.kill('SIGSTOP');
  const { opsUrl } = await startTestService({ env: { REDIS_URL: redis.url }, waitsForReady: false });
  const page = ask(`${opsUrl}/console/audit`);
  await setTimeout(300);
  redis.process.kill('SIGCONT');
  expect(await page).toMatchObject({ status: 200 });
});

it('serves a page within seconds while Redis hangs', async () => {
  const { redis, get, page } = await start();
  redis.process.kill('SIGSTOP');
  const started = performance.now();
  const { body } = await get('/console');
  expect(performance.now() - started).toBeLessThan(8000);
  expect(body).toContain('Redis does not answer.');
  redis.process.kill('SIGCONT');
  expect(await page('/console', 'The spool is empty.')).toContain('Queues');
});
