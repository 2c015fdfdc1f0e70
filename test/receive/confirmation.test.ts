import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import { paycools } from '../cli/support.ts';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { exampleFields } from '../support/examples.ts';
import { openQueue } from '../support/queues.ts';
import { SECRET } from '../support/service.ts';
import { until } from '../support/until.ts';
import { startReceiver } from './support.ts';

type Options = Partial<SandboxOptions> & { readonly confirm?: string; readonly amount?: number };

/** The service and a sandbox that knows one payout. Only the test calls the service. */
const start = async ({ confirm = 'always', amount = 20_000, ...options }: Options = {}) => {
  const clock = { ahead: 0 };
  const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET, ...options }));
  const client = clientOf(sandbox.url);
  const request = payoutOf(amount);
  await client.payout.create(request);
  await sandbox.settled();
  const { transactionId } = await client.payout.status({ mchOrderId: request.mchOrderId });
  const env = {
    CONFIRM: confirm,
    ...apiEnv(sandbox.url),
    RECONCILE_RATE: '1000',
  };
  const receiver = await startReceiver({ now: () => Date.now() + clock.ahead, env });
  const { url, prefix } = receiver.namespace;
  const order = { transactionId, mchOrderId: request.mchOrderId, amount };
  const waiting = openQueue(receiver.namespace, 'confirmation');
  return {
    ...receiver,
    clock,
    order,
    /** The environment of a command line for this service. */
    env: { ...env, PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: url, QUEUE_PREFIX: prefix },
    paid: (change: Record<string, unknown> = {}) => receiver.payout({ ...order, ...change }),
    /** Resolves when nothing awaits confirmation any more. */
    decided: () =>
      until(async () => (await waiting.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized')) === 0, {
        what: 'every callback is decided',
        timeoutMs: 10_000,
      }),
  };
};

/** An amount whose payout fails at the sandbox. */
const FAILS = 20_001;

const forged = { amount: 999_900 };

describe('a callback that PayCools contradicts', () => {
  it('does not stop the genuine callback about the same status, which is delivered once', async () => {
    const { paid, decided, events, findings } = await start();
    expect((await paid(forged)).status).toBe(200);
    await decided();
    expect(await events('payout')).toEqual([]);
    expect(await findings()).toMatchObject([
      { type: 'com.paycools.finding.refuted', data: { recorded: { amount: { minor: 999_900 } } } },
    ]);
    await paid();
    await decided();
    await paid();
    await decided();
    expect(await events('payout')).toMatchObject([{ data: { amount: { minor: 20_000 }, flags: [] } }]);
  });

  it('does not stop a genuine callback that is received while PayCools is being asked', async () => {
    const { paid, decided, events } = await start();
    await Promise.all([paid(forged), paid(), paid(forged)]);
    await decided();
    expect(await events('payout')).toMatchObject([{ data: { amount: { minor: 20_000 } } }]);
  });

  it('never enters the history: the next status is not a reversal', async () => {
    const { paid, decided, events, findings } = await start({ amount: FAILS });
    await paid();
    await decided();
    await paid({ eventName: 'disbursement.failed', transactionStatus: 'FAILED' });
    await decided();
    expect((await events('payout')).map(({ data }) => [data.status, data.flags])).toEqual([['failed', []]]);
    expect((await findings()).map(({ data }) => data.kind)).toEqual(['refuted']);
  });

  it('is not delivered when it is repeated after CONFIRM was turned off', async () => {
    const { paid, order, decided, events, namespace } = await start();
    await paid(forged);
    await decided();
    const later = await startReceiver({ env: { QUEUE_PREFIX: namespace.prefix } });
    expect((await later.payout({ ...order, ...forged })).status).toBe(200);
    expect(await events('payout')).toEqual([]);
    await later.payout(order);
    expect(await events('payout')).toMatchObject([{ data: { amount: { minor: 20_000 }, flags: [] } }]);
  });
});

describe('a replay of a refuted callback', () => {
  it.each(['always', 'off'])('delivers nothing, with CONFIRM=%s', async (confirm) => {
    const { paid, order, decided, events, namespace, env } = await start();
    await paid(forged);
    await decided();
    await until(
      async () =>
        (await paycools(['events', 'replay', order.transactionId], { env: { ...env, CONFIRM: confirm } })).code === 0,
      { what: 'the callback is in the journal', timeoutMs: 10_000 },
    );
    await decided();
    expect(await events('payout')).toEqual([]);
    expect(await openQueue(namespace, 'payout').getJobCounts()).toMatchObject({ waiting: 0, delayed: 0 });
  });
});

describe('a callback that PayCools cannot be asked about', () => {
  it('is delivered at once, flagged unconfirmed', async () => {
    const { send, events } = await start();
    const { refundTransactionId: _id, ...refund } = exampleFields('refund', 'payment.refund.success');
    await send('refund', refund);
    expect(await events('refund')).toMatchObject([{ data: { flags: ['unconfirmed'] } }]);
  });
});

describe('an ambiguous callback', () => {
  it('is delivered when PayCools confirms it, whatever CONFIRM says', async () => {
    const { paid, decided, events } = await start({ confirm: 'off' });
    await paid({ remark: 'https://shop.example/r?o=1&userId=77' });
    await decided();
    expect(await events('payout')).toMatchObject([{ data: { amount: { minor: 20_000 }, status: 'succeeded' } }]);
  });

  it('is a finding when PayCools contradicts it', async () => {
    const { paid, decided, events, findings } = await start({ confirm: 'off' });
    await paid({ ...forged, remark: 'x&y=1' });
    await decided();
    expect(await events('payout')).toEqual([]);
    expect(await findings()).toMatchObject([{ data: { kind: 'refuted' } }]);
  });
});
