import { describe, expect, it } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { postPayout } from '../support/callback.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { run } from '../support/process.ts';
import { startTestService } from '../support/service.ts';

const SIGNALS = ['SIGKILL', 'SIGSTOP'] as const;

/** A merchant's worker. Its process ends when nothing keeps it alive. */
const PROGRAM = `
  import { createConsumer } from './src/consumer/index.ts';
  const consumer = createConsumer({
    redis: process.env.REDIS_URL,
    handlers: { payout: () => undefined },
    onError: () => console.log('disconnected'),
  });
  process.once('SIGTERM', () => consumer.close());
  await consumer.ready();
  console.log('ready');
`;

const ownRedis = async () => {
  return startOwnRedis();
};

describe('a consumer that closes while Redis is unavailable', () => {
  it.each(SIGNALS)('closes within 5 s after a %s', async (signal) => {
    const redis = await ownRedis();
    const consumer = createConsumer({ redis: redis.url, handlers: { payout: () => undefined } });
    await consumer.ready();
    redis.process.kill(signal);
    const started = performance.now();
    await consumer.close();
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('closes within 5 s although it was never connected', async () => {
    const consumer = createConsumer({ redis: 'redis://127.0.0.1:1', handlers: { payout: () => undefined } });
    consumer.ready().catch(() => undefined);
    const started = performance.now();
    await consumer.close();
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('finishes events in progress, however long they take', async () => {
    const redis = await ownRedis();
    const service = await startTestService({ env: { REDIS_URL: redis.url } });
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const ends: string[] = [];
    const handler = async (): Promise<void> => {
      begun.resolve();
      await goOn.promise;
      ends.push('handled');
    };
    const { prefix } = service.namespace;
    const consumer = createConsumer({ redis: redis.url, prefix, handlers: { payout: handler } });
    await postPayout(service.publicUrl);
    await begun.promise;
    await redis[Symbol.asyncDispose]();
    const closed = consumer.close().then(() => ends.push('closed'));
    goOn.resolve();
    await closed;
    expect(ends).toEqual(['handled', 'closed']);
  });

  it.each([
    ['is killed', 'SIGKILL', /^disconnected/],
    ['hangs', 'SIGSTOP', /^ready/],
  ] as const)('leaves nothing that keeps its process alive when Redis %s', async (_name, signal, noticed) => {
    const redis = await ownRedis();
    const worker = run({
      command: process.execPath,
      args: ['--input-type=module', '-e', PROGRAM],
      env: { REDIS_URL: redis.url },
    });
    await worker.line(/^ready/);
    redis.process.kill(signal);
    await worker.line(noticed);
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
  });
});
