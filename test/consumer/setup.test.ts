import { expect, it, onTestFinished } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { openNamespace } from '../support/namespace.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { run } from '../support/process.ts';
import { startTestService } from '../support/service.ts';

/** A minimal worker without hooks. `HANDLER` is the body of its handler. */
const startWorker = (env: Readonly<Record<string, string>>) =>
  run({
    command: process.execPath,
    args: [
      '--input-type=module',
      '-e',
      `import { createConsumer } from './src/consumer/index.ts';
       const payout = new Function(process.env.HANDLER ?? '');
       createConsumer({ redis: process.env.REDIS_URL, prefix: process.env.QUEUE_PREFIX, handlers: { payout, refund: payout } });`,
    ],
    env,
  });

const passwordRedis = async () => {
  const redis = await startOwnRedis({ args: ['--requirepass', 'right'] });
  return `redis://:wrong@127.0.0.1:${redis.port}`;
};

it('reports why it cannot connect', async () => {
  const worker = startWorker({ REDIS_URL: 'redis://127.0.0.1:1', QUEUE_PREFIX: 'p' });
  const line = await worker.line(/./);
  expect(line).toBe(
    'paycools consumer: 127.0.0.1:1: Redis refused the connection: check that it runs, and the host and port of REDIS_URL. (connect ECONNREFUSED 127.0.0.1:1) Retrying until it answers.',
  );
});

it('reports that no service has written under its prefix', async () => {
  const { url, prefix } = openNamespace();
  const worker = startWorker({ REDIS_URL: url, QUEUE_PREFIX: prefix });
  expect(await worker.line(/./)).toContain(`no service has ever written under the prefix "${prefix}"`);
});

it('reports queues that have jobs but no handler', async () => {
  const { publicUrl, namespace } = await startTestService();
  await post(`${publicUrl}/callbacks`, sign({ ...payoutFields(), eventName: 'qrcode.payment.success' }));
  const worker = startWorker({ REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix });
  expect(await worker.line(/./)).toContain('jobs wait on queues without a handler here: 1 on {qr-code}');
});

it('reports a failed attempt with its cause, and repeats only after a minute', async () => {
  const { publicUrl, namespace } = await startTestService();
  const HANDLER = 'throw new Error("no database")';
  const worker = startWorker({ REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix, HANDLER });
  for (const transactionId of ['D1', 'D2', 'D3']) {
    await post(`${publicUrl}/callbacks`, sign(payoutFields({ transactionId })));
  }
  expect(await worker.line(/no database/)).toMatch(
    /^paycools consumer: com\.paycools\.payout\.succeeded evt_\w+ failed at attempt 1 of 8 and will be retried: Error: no database$/,
  );
  await expect.poll(async () => (await namespace.redis.zcard(`${namespace.prefix}:{payout}:delayed`)) === 3).toBe(true);
  expect(worker.lines.filter((line) => line.includes('no database'))).toHaveLength(1);
});

it.each([
  [
    'nothing listens',
    async () => 'redis://127.0.0.1:1',
    /127\.0\.0\.1:1 .*within 1500 ms: Redis refused the connection/,
  ],
  ['the host is unknown', async () => 'redis://no-such-host.invalid', /no-such-host\.invalid:6379 .*unknown host name/],
  ['the password is wrong', passwordRedis, /refused the user name or password/],
])('rejects ready() with the cause when %s', async (_, urlOf, message) => {
  const consumer = createConsumer({
    redis: await urlOf(),
    handlers: { payout: () => undefined },
    onError: () => undefined,
  });
  onTestFinished(() => consumer.close());
  await expect(consumer.ready({ timeoutMs: 1500 })).rejects.toMatchObject({
    name: 'ConsumerNotReadyError',
    message: expect.stringMatching(message),
    cause: expect.any(Error),
  });
});

it('resolves ready() in time', async () => {
  const { url, prefix } = openNamespace();
  const consumer = createConsumer({ redis: url, prefix, handlers: { payout: () => undefined } });
  onTestFinished(() => consumer.close());
  await expect(consumer.ready({ timeoutMs: 5000 })).resolves.toBeUndefined();
});
