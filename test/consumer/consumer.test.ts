import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConsumerOptions, createConsumer, type Handlers, PermanentFailure } from '../../src/consumer/index.ts';
import { virtualAccount } from '../../src/products/families/virtual-account.ts';
import { post, postPayout, sign } from '../support/callback.ts';
import { openQueue } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';

const start = async (env: Record<string, string> = {}) => {
  const service = await startTestService({ env });
  const send = (change: Record<string, unknown> = {}) => postPayout(service.publicUrl, change);
  const consume = async (handlers: Handlers, options: Partial<ConsumerOptions> = {}) => {
    const { url, prefix } = service.namespace;
    const consumer = createConsumer({ redis: url, prefix, handlers, ...options });
    onTestFinished(() => consumer.close());
    await consumer.ready();
    return consumer;
  };
  return { ...service, send, consume };
};

const nothing = (): void => undefined;

describe('createConsumer', () => {
  it('gives each event to the handler of its type, else of its product, else to the fallback', async () => {
    const { send, consume, publicUrl } = await start();
    const seen: string[] = [];
    await consume({
      'com.paycools.payout.succeeded': ({ data }) => void seen.push(`succeeded ${data.amount?.value}`),
      payout: ({ type }) => void seen.push(`product ${type}`),
      'com.paycools.refund.failed': nothing,
      fallback: ({ type }) => void seen.push(`fallback ${type}`),
    });
    await send();
    await send({ transactionId: 'D2', transactionStatus: 'CLOSED' });
    const refund = {
      eventName: 'payment.refund.success',
      refundTransactionId: 'R',
      originalTransactionId: 'C',
      refundAmount: 1,
    };
    await post(`${publicUrl}/callbacks/refund`, sign(refund));
    await expect
      .poll(() => seen.toSorted())
      .toEqual(['fallback com.paycools.refund.succeeded', 'product com.paycools.payout.closed', 'succeeded 3125.00']);
  });

  it.each([
    [
      { 'com.paycools.payout.succeeded': nothing },
      'no handler for com.paycools.payout.failed, com.paycools.payout.pending',
    ],
    [{}, 'handlers is empty'],
    [{ payouts: nothing } as Handlers, 'not an event type or product: payouts'],
  ])('refuses incomplete or unknown handlers: %j', (handlers, sentence) => {
    expect(() => createConsumer({ redis: 'redis://127.0.0.1:1', handlers })).toThrow(sentence);
  });

  it('closes although Redis was never reachable', async () => {
    const errors: Error[] = [];
    const onError = (error: Error): void => void errors.push(error);
    const consumer = createConsumer({ redis: 'redis://127.0.0.1:1', handlers: { payout: nothing }, onError });
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await expect(consumer.close()).resolves.toBeUndefined();
  });

  it('refuses an invalid address', () => {
    expect(() => createConsumer({ redis: 'localhost', handlers: { payout: nothing } })).toThrow('must be a URL');
  });

  it('skips stale events by default', async () => {
    const { send, consume } = await start();
    const processed: string[] = [];
    const handled: string[] = [];
    await consume(
      { payout: ({ type }) => void handled.push(type) },
      { concurrency: 1, onProcessed: ({ result }) => void processed.push(result) },
    );
    await send();
    await expect.poll(() => processed).toEqual(['handled']);
    await send({ transactionStatus: 'PENDING' });
    await expect.poll(() => processed).toEqual(['handled', 'skipped-stale']);
    expect(handled).toEqual(['com.paycools.payout.succeeded']);
  });

  it('gives stale events to handlers if handlesStale is set', async () => {
    const { send, consume } = await start();
    const handled: string[] = [];
    await consume({ payout: ({ data }) => void handled.push(data.flags.join()) }, { handlesStale: true });
    await send();
    await send({ transactionStatus: 'PENDING' });
    await expect.poll(() => handled.toSorted()).toEqual(['', 'stale']);
  });

  it('retries failed attempts, but not after a permanent failure', async () => {
    const { send, consume, namespace } = await start();
    const failures: [string, boolean, number, boolean][] = [];
    await consume(
      {
        'com.paycools.payout.failed': () => {
          throw new PermanentFailure('no such order');
        },
        payout: () => {
          throw new Error('no database');
        },
      },
      {
        onFailed: ({ error, isFinal, attempt, durationMs }) =>
          void failures.push([error.message, isFinal, attempt, durationMs >= 0 && durationMs < 10_000]),
      },
    );
    await send({ eventName: 'disbursement.failed', transactionStatus: 'FAILED' });
    await send({ transactionId: 'D2' });
    await expect
      .poll(() => failures.toSorted())
      .toEqual([
        ['no database', false, 1, true],
        ['no such order', true, 1, true],
      ]);
    const counts = await openQueue(namespace, 'payout').getJobCounts('failed', 'delayed');
    expect(counts).toEqual({ failed: 1, delayed: 1 });
  });

  it('fails a job that is not an event, with the reason', async () => {
    const { consume, namespace } = await start();
    const failures: string[] = [];
    await openQueue(namespace, 'payout').add('com.paycools.payout.succeeded', { strange: true } as never);
    await consume({ payout: nothing }, { onFailed: ({ error }) => void failures.push(error.message) });
    await expect.poll(() => failures).toEqual([expect.stringMatching(/^job \d+ is not an event of this version: /)]);
  });

  it('answers payment verifications', async () => {
    const { publicUrl, consume } = await start({ VERIFICATION_TIMEOUT_MS: '3000' });
    await consume(
      { 'virtual-account': nothing },
      {
        verification: ({ data }) =>
          data.amount.minor > 100_000 ? { answer: 'reject', reason: 'amount-over-limit' } : { answer: 'accept' },
      },
    );
    const ask = async (amount: number) =>
      JSON.parse(
        (await post(`${publicUrl}/callbacks`, sign({ ...virtualAccount.paymentVerifications[0]?.example, amount })))
          .body,
      );
    expect([await ask(100), await ask(200_000)]).toEqual([
      { code: 2000, msg: 'Success' },
      { code: 1002, msg: 'Amount exceeds the limit' },
    ]);
  });

  it('fails an invalid payment verification without calling the handler', async () => {
    const { consume, namespace } = await start();
    const failures: string[] = [];
    const asked: unknown[] = [];
    await openQueue(namespace, 'payment-verification').add('strange', { amount: 'hush' } as never);
    await consume(
      { payout: nothing },
      {
        verification: (question) => {
          asked.push(question);
          return { answer: 'accept' };
        },
        onFailed: ({ error }) => void failures.push(error.message),
      },
    );
    await expect.poll(() => failures).toEqual([expect.stringMatching(/^job \d+ is not an event of this version: /)]);
    expect([asked, failures.join().includes('hush')]).toEqual([[], false]);
  });

  it('finishes events in progress when it is closed', async () => {
    const { send, consume } = await start();
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    let isDone = false;
    const consumer = await consume({
      payout: async () => {
        begun.resolve();
        await goOn.promise;
        isDone = true;
      },
    });
    await send();
    await begun.promise;
    const closed = consumer.close();
    goOn.resolve();
    await closed;
    expect(isDone).toBe(true);
  });
});
