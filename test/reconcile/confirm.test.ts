import { describe, expect, it } from 'vitest';
import { parseConfirmRule, ruleHolds } from '../../src/core/confirm-rule.ts';
import type { PaymentEvent } from '../../src/core/event.ts';
import { amountOf } from '../../src/core/money.ts';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { openQueue } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const NOWHERE = 'http://127.0.0.1:1';

/** A service that confirms with the sandbox. Callbacks come only from the test. */
const start = async ({ baseUrl, ...options }: Partial<SandboxOptions> & { readonly baseUrl?: string } = {}) => {
  const clock = { ahead: 0 };
  const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET, ...options }));
  const service = await startTestService({
    now: () => Date.now() + clock.ahead,
    env: {
      CONFIRM: 'always',
      ...apiEnv(baseUrl ?? sandbox.url),
      RECONCILE_RATE: '1000',
    },
  });
  const request = payoutOf(20_000);
  const client = clientOf(sandbox.url);
  await client.payout.create(request);
  await sandbox.settled();
  const { transactionId } = await client.payout.status({ mchOrderId: request.mchOrderId });
  const order = { transactionId, mchOrderId: request.mchOrderId, amount: 20_000 };
  const callBack = (change: Record<string, unknown> = {}) =>
    post(`${service.publicUrl}/callbacks`, sign(payoutFields({ ...order, ...change })));
  const queues = Object.fromEntries(['payout', 'findings'].map((name) => [name, openQueue(service.namespace, name)]));
  const eventsOn = async (name: string): Promise<PaymentEvent[]> =>
    ((await queues[name]?.getWaiting()) ?? []).map(({ data }) => data as PaymentEvent);
  const arrived = async (name: string, count: number): Promise<PaymentEvent[]> => {
    const hasAll = async () => (await eventsOn(name)).length >= count;
    await until(hasAll, { what: `${count} events are on {${name}}`, timeoutMs: 15_000 });
    return eventsOn(name);
  };
  const waiting = openQueue(service.namespace, 'confirmation');
  /** Resolves when the recheck of an event that was delivered unconfirmed is scheduled. */
  const recheckPlanned = (): Promise<void> =>
    until(async () => (await waiting.getDelayed()).some(({ name }) => name === 'recheck'), {
      what: 'the recheck is planned',
      timeoutMs: 15_000,
    });
  const stop = () => service[Symbol.asyncDispose]();
  return {
    clock,
    callBack,
    eventsOn,
    arrived,
    recheckPlanned,
    waiting,
    transactionId,
    namespace: service.namespace,
    stop,
  };
};

describe('an event that awaits confirmation', () => {
  it('reaches its queue once, under the same id, when PayCools agrees', async () => {
    const { callBack, arrived, eventsOn, waiting, transactionId } = await start();
    expect(await callBack()).toMatchObject({ status: 200 });
    const [event] = await arrived('payout', 1);
    expect(event).toMatchObject({ subject: transactionId, origin: 'callback', data: { flags: [] } });
    expect(await callBack()).toMatchObject({ status: 200 });
    await until(async () => (await waiting.getActiveCount()) + (await waiting.getWaitingCount()) === 0, {
      what: 'nothing waits for a confirmation',
      timeoutMs: 15_000,
    });
    expect(await eventsOn('payout')).toHaveLength(1);
    expect(await eventsOn('findings')).toEqual([]);
  });

  it.each([
    ['status', { transactionStatus: 'FAILED', eventName: 'disbursement.failed' }],
    ['amount', { amount: 9_000_000 }],
    ['currency', { currency: 'USD' }],
  ])('becomes a finding instead of an event when PayCools reports a different %s', async (_aspect, change) => {
    const { callBack, arrived, eventsOn } = await start();
    expect(await callBack(change)).toMatchObject({ status: 200 });
    expect(await arrived('findings', 1)).toMatchObject([
      { type: 'com.paycools.finding.refuted', data: { received: { status: 'succeeded', amount: { minor: 20_000 } } } },
    ]);
    expect(await eventsOn('payout')).toEqual([]);
  });

  it('is acknowledged at once, and delivered unconfirmed when PayCools does not answer in time', async () => {
    const { callBack, clock, arrived, eventsOn, recheckPlanned } = await start({ baseUrl: NOWHERE });
    expect(await callBack()).toMatchObject({ status: 200 });
    expect(await eventsOn('payout')).toEqual([]);
    clock.ahead = 61_000;
    expect(await arrived('payout', 1)).toMatchObject([{ data: { flags: ['unconfirmed'] } }]);
    await recheckPlanned();
  });

  it('still reaches its queue when the service restarts without CONFIRM and API settings', async () => {
    const { callBack, namespace, stop, arrived, eventsOn } = await start({ baseUrl: NOWHERE });
    expect(await callBack()).toMatchObject({ status: 200 });
    await stop();
    expect(await eventsOn('payout')).toEqual([]);
    await startTestService({ env: { QUEUE_PREFIX: namespace.prefix } });
    expect(await arrived('payout', 1)).toMatchObject([{ data: { flags: ['unconfirmed'] } }]);
  });

  it('becomes a finding when it was delivered unconfirmed and the recheck disagrees', async () => {
    const { callBack, clock, arrived, waiting, recheckPlanned } = await start();
    await callBack({ transactionId: 'D404', mchOrderId: 'M404' });
    clock.ahead = 61_000;
    expect(await arrived('payout', 1)).toMatchObject([{ subject: 'D404', data: { flags: ['unconfirmed'] } }]);
    await recheckPlanned();
    const look = (await waiting.getDelayed()).find(({ name }) => name === 'recheck');
    await look?.promote();
    expect(await arrived('findings', 1)).toMatchObject([{ type: 'com.paycools.finding.unknown-to-paycools' }]);
  });
});

const dataWith = (status: PaymentEvent['data']['status'], minor: number) => ({
  status,
  amount: amountOf(minor, 'PHP'),
});

describe('CONFIRM', () => {
  it.each([
    ['off', [false, false, false, false]],
    ['failed', [false, false, true, false]],
    ['amount>=5000', [false, true, false, false]],
    ['always', [true, true, true, false]],
  ])('%s selects the right events', (text, expected) => {
    const rule = parseConfirmRule(text);
    const events = [
      dataWith('succeeded', 4999),
      dataWith('succeeded', 5000),
      dataWith('failed', 1),
      dataWith('pending', 9999),
    ];
    expect(events.map((event) => rule.ok && ruleHolds(rule.value, event))).toEqual(expected);
  });

  it.each(['', 'on', 'amount>5000', 'amount>=5000.00', 'amount>=-1'])('refuses %j', (text) => {
    expect(parseConfirmRule(text).ok).toBe(false);
  });
});
