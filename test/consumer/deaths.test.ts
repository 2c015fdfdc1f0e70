import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { attemptsKey } from '../../src/redis/attempt-log.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { run } from '../support/process.ts';
import { openQueue } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';

const LOCK_MS = 1000;

/** A worker whose handler prints the attempt and never returns. */
const startStuckWorker = (env: Readonly<Record<string, string>>) =>
  run({
    command: process.execPath,
    args: [
      '--input-type=module',
      '-e',
      `import { createConsumer } from './src/consumer/index.ts';
       createConsumer({
         redis: process.env.REDIS_URL,
         prefix: process.env.QUEUE_PREFIX,
         lockMs: ${LOCK_MS},
         handlers: { payout: (event, { attempt }) => { console.log('attempt ' + attempt); return new Promise(() => undefined); } },
       });`,
    ],
    env,
  });

const start = async () => {
  const { publicUrl, namespace } = await startTestService();
  await post(`${publicUrl}/callbacks`, sign(payoutFields()));
  const env = { REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix };
  const dieAt = async (attempt: number): Promise<void> => {
    const worker = startStuckWorker(env);
    await worker.line(new RegExp(`^attempt ${attempt}$`));
    worker.child.kill('SIGKILL');
    await worker.ended;
  };
  return { namespace, dieAt };
};

it('handles an event at the third attempt after two workers were killed', { timeout: 30_000 }, async () => {
  const { namespace, dieAt } = await start();
  await dieAt(1);
  await dieAt(2);
  const attempts: number[] = [];
  const { url: redis, prefix } = namespace;
  const payout = (_: unknown, { attempt }: { attempt: number }): void => void attempts.push(attempt);
  const consumer = createConsumer({ redis, prefix, lockMs: LOCK_MS, handlers: { payout } });
  onTestFinished(() => consumer.close());
  await expect.poll(() => attempts, { timeout: 15_000 }).toEqual([3]);
});

it('counts deaths and failures together as attempts', { timeout: 30_000 }, async () => {
  const { namespace, dieAt } = await start();
  await dieAt(1);
  const queue = openQueue(namespace, 'payout');
  const [job] = await queue.getJobs(['active', 'waiting']);
  await namespace.redis.hset(queue.toKey(job?.id ?? ''), 'atm', 6);
  const failures: [number, boolean][] = [];
  const { url: redis, prefix } = namespace;
  const payout = (): void => {
    throw new Error('no database');
  };
  const onFailed = ({ attempt, isFinal }: { attempt: number; isFinal: boolean }): void =>
    void failures.push([attempt, isFinal]);
  const consumer = createConsumer({ redis, prefix, lockMs: LOCK_MS, handlers: { payout }, onFailed });
  onTestFinished(() => consumer.close());
  await expect.poll(() => failures, { timeout: 15_000 }).toEqual([[8, true]]);
});

it('records each attempt for support', async () => {
  const { namespace } = await start();
  const { url: redis, prefix } = namespace;
  const ids: string[] = [];
  const payout = ({ id }: { id: string }): void => {
    ids.push(id);
    throw new Error('no database');
  };
  const consumer = createConsumer({ redis, prefix, handlers: { payout }, onFailed: () => undefined });
  onTestFinished(() => consumer.close());
  await expect.poll(() => ids).toHaveLength(1);
  const reader = new Redis(redis);
  onTestFinished(() => reader.disconnect());
  const key = attemptsKey(prefix, ids[0] ?? '');
  await expect.poll(() => reader.llen(key)).toBe(1);
  expect(JSON.parse((await reader.lindex(key, 0)) ?? '')).toEqual({
    attempt: 1,
    at: expect.stringMatching(/^20\d\d-.*Z$/),
    durationMs: expect.any(Number),
    error: 'no database',
  });
  expect(await reader.ttl(key)).toBeGreaterThan(29 * 24 * 3600);
});
