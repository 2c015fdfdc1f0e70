import { Worker } from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PaymentEvent } from '../../src/core/event.ts';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { openQueue, waitingEvents, waitingJobs } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';

const ACKNOWLEDGED = { status: 200, body: '{"code":1,"msg":"success","data":{}}' };
const failed = { eventName: 'disbursement.failed', transactionStatus: 'FAILED', failedCode: -10001 };

const start = async () => {
  const service = await startTestService();
  const send = (change: Record<string, unknown> = {}) => postPayout(service.publicUrl, change);
  return { ...service, send };
};

describe('a payout callback', () => {
  it('becomes the documented event on the queue {payout}', async () => {
    const { send, namespace } = await start();
    expect(await send()).toMatchObject(ACKNOWLEDGED);
    const [job] = await waitingJobs(namespace, 'payout');
    expect(job?.name).toBe('com.paycools.payout.succeeded');
    expect(job?.opts).toMatchObject({
      attempts: 8,
      backoff: { type: 'exponential' },
      removeOnComplete: { age: 86_400, count: 10_000 },
      removeOnFail: { age: 2_592_000 },
    });
    expect(job?.data).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      source: 'urn:paycools:default',
      type: 'com.paycools.payout.succeeded',
      subject: 'D1032653961082864323',
      time: '2022-05-31T01:38:56.000Z',
      datacontenttype: 'application/json',
      dataschema: 'urn:paycools-webhooks:payout:1',
      origin: 'callback',
      receivedat: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: {
        product: 'payout',
        status: 'succeeded',
        provider: { eventName: 'disbursement.success', status: 'COMPLETE' },
        merchantOrderId: 'CQPL1653961082230623',
        transactionId: 'D1032653961082864323',
        amount: { minor: 312500, currency: 'PHP', value: '3125.00' },
        channelCode: null,
        createdAt: '2022-05-31T01:38:03.000Z',
        completedAt: '2022-05-31T01:38:56.000Z',
        failure: null,
        remark: 'cash credit',
        flags: [],
        details: {},
        raw: payoutFields(),
      },
    });
  });

  it('creates one job when 50 copies of it arrive at once', async () => {
    const { send, namespace } = await start();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(1);
  });

  it('creates one job when it arrives at two replicas at once', async () => {
    const one = await start();
    const env = { QUEUE_PREFIX: one.namespace.prefix };
    const two = await startTestService({ env });
    const body = sign(payoutFields());
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => post(`${[one, two][index % 2]?.publicUrl}/callbacks/payout`, body)),
    );
    expect(await waitingJobs(one.namespace, 'payout')).toHaveLength(1);
  });

  it('remains a duplicate after its job was completed and removed', async () => {
    const { send, namespace } = await start();
    await send();
    const worker = new Worker<PaymentEvent>('{payout}', null, {
      connection: namespace.redis.duplicate({ maxRetriesPerRequest: null }),
      prefix: namespace.prefix,
    });
    onTestFinished(() => worker.close());
    const job = await worker.getNextJob('token');
    await job?.moveToCompleted('done', 'token', false);
    await openQueue(namespace, 'payout').clean(0, 0, 'completed');
    expect(await openQueue(namespace, 'payout').getJobCounts()).toMatchObject({ completed: 0, waiting: 0 });
    expect(await send()).toMatchObject(ACKNOWLEDGED);
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(0);
  });

  it('remains a duplicate after an operator removed its job by hand', async () => {
    const { send, namespace } = await start();
    await send();
    const [job] = await waitingJobs(namespace, 'payout');
    await job?.remove();
    await send();
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(0);
  });

  it('is remembered for DEDUPLICATION_DAYS', async () => {
    const { send, namespace } = await start();
    await send();
    const keys = await namespace.redis.keys(`${namespace.prefix}:ledger:*`);
    const days = await Promise.all(keys.map(async (key) => (await namespace.redis.ttl(key)) / 86_400));
    expect(days.map(Math.round)).toEqual([30]);
  });

  it('is flagged stale when PENDING arrives after COMPLETE', async () => {
    const { send, namespace } = await start();
    await send();
    await send({ transactionStatus: 'PENDING' });
    const [, late] = await waitingEvents(namespace, 'payout');
    expect(late).toMatchObject({ type: 'com.paycools.payout.pending', data: { flags: ['stale'], completedAt: null } });
  });

  it('is not flagged when COMPLETE arrives after PENDING', async () => {
    const { send, namespace } = await start();
    await send({ transactionStatus: 'PENDING' });
    await send();
    const events = (await waitingEvents(namespace, 'payout')) as PaymentEvent[];
    expect(events.map(({ data }) => data.flags)).toEqual([[], []]);
  });

  it('is a reversal when FAILED arrives after COMPLETE: delivered, and reported as a finding', async () => {
    const { send, namespace } = await start();
    await send();
    expect(await send(failed)).toMatchObject(ACKNOWLEDGED);
    const [, reversal] = await waitingEvents(namespace, 'payout');
    expect(reversal).toMatchObject({ type: 'com.paycools.payout.failed', data: { flags: ['reversal'] } });
    expect(await waitingEvents(namespace, 'findings')).toMatchObject([
      {
        type: 'com.paycools.finding.reversal',
        data: {
          kind: 'reversal',
          eventId: reversal?.id,
          recorded: { status: 'succeeded' },
          received: { status: 'failed' },
        },
      },
    ]);
  });

  it('reports a reversal once, however often it arrives', async () => {
    const { send, namespace } = await start();
    await send();
    await send(failed);
    await send(failed);
    expect(await waitingEvents(namespace, 'findings')).toHaveLength(1);
    expect(await waitingEvents(namespace, 'payout')).toHaveLength(2);
  });

  it.each([
    ['amount', { amount: 999 }, { received: { amount: { minor: 999 } }, recorded: { amount: { minor: 312500 } } }],
    ['order', { mchOrderId: 'OTHER' }, { received: { merchantOrderId: 'OTHER' } }],
  ])(
    'is a conflict with another %s: acknowledged, not delivered again, and reported with both values',
    async (_name, change, data) => {
      const { send, namespace, logLines } = await start();
      await send();
      expect(await send(change)).toMatchObject(ACKNOWLEDGED);
      expect(await waitingEvents(namespace, 'payout')).toHaveLength(1);
      expect(await waitingEvents(namespace, 'findings')).toMatchObject([
        { type: 'com.paycools.finding.conflict', data },
      ]);
      expect(logLines.at(-1)).toContain('"outcome":"conflicting"');
    },
  );

  it('is stored with its body when it is genuine but not understood', async () => {
    const { send, namespace } = await start();
    expect(await send({ eventName: 'disbursement.unheard' })).toMatchObject(ACKNOWLEDGED);
    await send({ eventName: 'disbursement.unheard' });
    const body = sign(payoutFields({ eventName: 'disbursement.unheard' }));
    expect(await waitingEvents(namespace, 'unrecognized')).toMatchObject([
      {
        type: 'com.paycools.unrecognized',
        data: { product: 'payout', provider: { eventName: 'disbursement.unheard', status: 'COMPLETE' }, body },
      },
    ]);
  });
});
