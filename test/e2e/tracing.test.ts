import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import { BullMQOtel } from 'bullmq-otel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConsumerOptions, createConsumer } from '../../src/consumer/index.ts';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { payoutFields, post, postPayout, sign, verificationFields } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { waitingJobs } from '../support/queues.ts';
import { SECRET } from '../support/service.ts';
import { startSdk, startTraced } from '../support/tracing.ts';

const consume = async (options: Omit<ConsumerOptions, 'telemetry'>): Promise<void> => {
  const consumer = createConsumer({ ...options, telemetry: new BullMQOtel({ tracerName: 'shop' }) });
  onTestFinished(() => consumer.close());
  await consumer.ready();
};

describe('a trace', () => {
  it("goes from the request through the enqueue into the merchant's handler", async () => {
    const { publicUrl, namespace, stop, spanNamed } = await startTraced();
    const memory = startSdk();
    const handled = Promise.withResolvers<string | undefined>();
    await consume({
      redis: namespace.url,
      prefix: namespace.prefix,
      handlers: { payout: () => handled.resolve(trace.getActiveSpan()?.spanContext().traceId) },
    });
    await postPayout(publicUrl);
    const traceId = await handled.promise;
    expect(await stop()).toBe(0);
    const request = spanNamed('POST /callbacks/:product');
    const enqueue = spanNamed('add {payout}.com.paycools.payout.succeeded');
    expect(request).toMatchObject({ traceId, parentId: '', kind: 2, links: [], status: 0 });
    expect(enqueue).toMatchObject({ traceId, parentId: request?.spanId, kind: 4 });
    await expect
      .poll(() => memory.getFinishedSpans().find(({ name }) => name === 'process {payout}')?.parentSpanContext?.spanId)
      .toBe(enqueue?.spanId);
  });

  it('has only the listed attributes: ids, words and numbers', async () => {
    const { publicUrl, stop, collector, spanNamed } = await startTraced();
    await postPayout(publicUrl);
    expect(await stop()).toBe(0);
    expect(spanNamed('POST /callbacks/:product')?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/callbacks/:product',
      'http.response.status_code': 200,
      'paycools.request.id': expect.any(String),
      'paycools.merchant': 'default',
      'paycools.product': 'payout',
      'paycools.outcome': 'accepted',
      'paycools.event.id': expect.stringMatching(/^evt_/),
      'paycools.event.type': 'com.paycools.payout.succeeded',
      'paycools.transaction.id': 'D1032653961082864323',
    });
    expect(spanNamed('add {payout}.com.paycools.payout.succeeded')?.attributes).toEqual({
      'bullmq.queue.name': '{payout}',
      'bullmq.queue.operation': 'add',
      'bullmq.job.name': 'com.paycools.payout.succeeded',
      'bullmq.job.id': expect.stringMatching(/^evt_/),
    });
    expect(new Set(collector.spans().map(({ name }) => name)).size).toBe(2);
  });

  it('covers refused requests, under names from a table', async () => {
    const { publicUrl, stop, collector } = await startTraced();
    await post(`${publicUrl}/merchants/made-up/callbacks/payout`, sign(payoutFields()));
    await post(`${publicUrl}/callbacks/made-up`, '{}');
    expect(await stop()).toBe(0);
    const named = collector
      .spans()
      .map(({ name, attributes }) => [name, attributes['paycools.outcome'] ?? attributes['paycools.refusal']]);
    expect(named).toEqual([
      ['POST /merchants/:merchant/callbacks/:product', 'forged'],
      ['POST /callbacks/:product', 'path'],
    ]);
    expect(Buffer.concat(collector.bodies).toString()).not.toContain('made-up');
  });

  it("is linked to the caller's trace and never part of it", async () => {
    const { publicUrl, stop, spanNamed } = await startTraced();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-00`, tracestate: 'vendor=hush', baggage: 'hush=1' };
    await post(`${publicUrl}/callbacks/payout`, sign(payoutFields()), headers);
    expect(await stop()).toBe(0);
    const request = spanNamed('POST /callbacks/:product');
    expect(request).toMatchObject({ parentId: '', links: [{ traceId, state: '' }] });
    expect(request?.traceId).not.toBe(traceId);
  });

  it.each([
    ['empty', ''],
    ['a word', 'no'],
    ['zeros', '00-00000000000000000000000000000000-b7ad6b7169203331-01'],
    ['very long', 'x'.repeat(8000)],
  ])("has no link when the caller's context is %s", async (_name, traceparent) => {
    const { publicUrl, stop, spanNamed } = await startTraced();
    const answer = await post(`${publicUrl}/callbacks/payout`, sign(payoutFields()), { traceparent });
    expect([answer.status, await stop()]).toEqual([200, 0]);
    expect(spanNamed('POST /callbacks/:product')).toMatchObject({ links: [] });
  });

  it('continues into the answer to a payment verification, whose text is in no span', async () => {
    const { publicUrl, namespace, stop, collector, spanNamed } = await startTraced();
    const memory = startSdk();
    await consume({
      redis: namespace.url,
      prefix: namespace.prefix,
      handlers: { 'virtual-account': () => undefined },
      verification: () => ({ answer: 'reject', reason: 'general', text: 'hush' }),
    });
    expect((await post(`${publicUrl}/callbacks`, sign(verificationFields()))).body).toContain('hush');
    expect(await stop()).toBe(0);
    const { traceId } = spanNamed('payment verification') ?? {};
    await expect
      .poll(() => memory.getFinishedSpans().find(({ name }) => name === 'process {payment-verification}'))
      .toMatchObject({ ended: true });
    const processing = memory.getFinishedSpans().find(({ name }) => name === 'process {payment-verification}');
    expect(processing?.spanContext().traceId).toBe(traceId);
    expect(JSON.stringify(memory.getFinishedSpans().map(({ attributes, events }) => [attributes, events]))).not.toMatch(
      /hush/,
    );
    expect(Buffer.concat(collector.bodies).toString()).not.toContain('hush');
  });

  it('continues through the confirmation by PayCools into the queue of the workers', async () => {
    const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET }));
    const env = { ...apiEnv(sandbox.url), CONFIRM: 'always' };
    const { publicUrl, namespace, stop, spanNamed } = await startTraced(env);
    const client = clientOf(sandbox.url);
    const request = payoutOf(20_000);
    await client.payout.create(request);
    await sandbox.settled();
    const { transactionId } = await client.payout.status({ mchOrderId: request.mchOrderId });
    const order = { transactionId, mchOrderId: request.mchOrderId, amount: 20_000 };
    await post(`${publicUrl}/callbacks`, sign(payoutFields(order)));
    await expect.poll(() => waitingJobs(namespace, 'payout'), { timeout: 10_000 }).toHaveLength(1);
    expect(await stop()).toBe(0);
    const first = spanNamed('add {confirmation}.com.paycools.payout.succeeded');
    const confirmation = spanNamed('process {confirmation}');
    const second = spanNamed('add {payout}.com.paycools.payout.succeeded');
    expect(confirmation).toMatchObject({ traceId: first?.traceId, parentId: first?.spanId });
    expect(second).toMatchObject({ traceId: first?.traceId, parentId: confirmation?.spanId });
  });

  it('shows the step that failed, with the name of its error, and the spool that took over', async () => {
    const args = ['EVAL', 'EVALSHA'].flatMap((name) => ['--rename-command', name, `hidden-${name}`]);
    const redis = await startOwnRedis({ args });
    const env = { REDIS_URL: redis.url, SPOOL_DIR: join(temporaryFolder(), 'spool') };
    const { publicUrl, stop, spanNamed } = await startTraced(env);
    expect(await post(`${publicUrl}/callbacks`, sign(payoutFields()))).toMatchObject({ status: 200 });
    expect(await stop()).toBe(0);
    const request = spanNamed('POST /callbacks');
    expect(request).toMatchObject({ status: 0, attributes: { 'paycools.outcome': 'spooled' } });
    const enqueue = spanNamed('add {payout}.com.paycools.payout.succeeded');
    expect(enqueue).toMatchObject({ parentId: request?.spanId, events: 1 });
    expect(spanNamed('spool')).toMatchObject({ status: 0, parentId: request?.spanId, attributes: {} });
  });

  it('records that a handler failed, without the message of its error', async () => {
    const { publicUrl, namespace } = await startTraced();
    const memory = startSdk();
    const failed = Promise.withResolvers<void>();
    await consume({
      redis: namespace.url,
      prefix: namespace.prefix,
      handlers: {
        payout: () => {
          throw new RangeError('hush');
        },
      },
      onFailed: () => failed.resolve(),
    });
    await postPayout(publicUrl);
    await failed.promise;
    const events = () => memory.getFinishedSpans().flatMap((span) => span.events);
    await expect.poll(() => JSON.stringify(events())).toContain('"name":"job failed"');
    expect(JSON.stringify(events())).not.toContain('hush');
  });
});
