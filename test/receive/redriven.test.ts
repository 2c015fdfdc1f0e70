import { describe, expect, it, onTestFinished } from 'vitest';
import type { UnrecognizedEvent } from '../../src/core/event.ts';
import { queues } from '../../src/core/queues.ts';
import { HOUR_MS } from '../../src/core/time.ts';
import { type ItemResult, redriveItems } from '../../src/operate/item-actions.ts';
import type { JobPorts } from '../../src/operate/ports.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { contentOf } from '../../src/receive/deliver.ts';
import type { EventQueue } from '../../src/receive/ports.ts';
import { type AwaitingEvent, eventOf, understandAwaiting } from '../../src/receive/understand.ts';
import { confirmEvent, NO_PROVIDER } from '../../src/reconcile/confirm.ts';
import { openEventStore } from '../../src/redis/open-event-store.ts';
import { BullJobBrowser } from '../../src/redis/queue/job-browser.ts';
import { paycools } from '../cli/support.ts';
import { APP_ID, clientOf, PRIVATE_KEY, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { provedMerchant } from '../support/merchant.ts';
import type { Namespace } from '../support/namespace.ts';
import { openQueue } from '../support/queues.ts';
import { SECRET } from '../support/service.ts';
import { until } from '../support/until.ts';
import { startBeliever } from './support.ts';

const AMBIGUOUS_REMARK = { remark: 'https://shop.example/r?o=1&userId=77' };
const merchant = { ...provedMerchant, canConfirm: () => true };

/** A receiver without access to PayCools, which has one ambiguous callback on {unrecognized}. */
const startWithOne = async (change: Record<string, unknown> = {}, now: () => number = Date.now) => {
  const believer = await startBeliever({ now });
  expect((await believer.payout({ ...AMBIGUOUS_REMARK, ...change })).status).toBe(200);
  expect(await believer.unrecognized()).toHaveLength(1);
  return believer;
};

/** What a redrive needs, over the Redis of a receiver. */
const openPorts = ({ redis, prefix }: Namespace) => {
  const events = openEventStore({ redis, prefix, deduplicationMs: 60_000, families: [] });
  const stored = { registry: createRegistry(products), ...events };
  const jobs = new BullJobBrowser({ redis, prefix, onError: () => undefined });
  onTestFinished(() => jobs[Symbol.asyncDispose]());
  return { stored, jobs, merchants: { find: () => merchant } };
};

const redriveAll = async (ports: JobPorts): Promise<ItemResult[]> => {
  const acted: ItemResult[] = [];
  for await (const one of redriveItems(ports, 'unrecognized', { filter: {} })) acted.push(one);
  return acted;
};

describe('an unrecognized callback that is redriven and waits for its confirmation', () => {
  it('is still there when the confirmation gives up before the redrive has ended', async () => {
    const { namespace, unrecognized } = await startWithOne();
    const { stored, ...rest } = openPorts(namespace);
    const decided: string[] = [];
    /** Gives up as soon as it is on its queue, so before whoever put it there continues. */
    const enqueue: EventQueue['enqueue'] = async (name, event, id) => {
      const added = await stored.queue.enqueue(name, event, id);
      const waiting = { ports: stored, provider: NO_PROVIDER, merchant, event: event as AwaitingEvent };
      decided.push(await confirmEvent({ ...waiting, isLast: true }));
      return added;
    };
    const acted = await redriveAll({ ...rest, ports: { ...stored, queue: { enqueue } } });
    expect(acted).toMatchObject([{ isDone: true, message: expect.stringContaining('remains here until') }]);
    expect(decided).toEqual(['unrecognized']);
    expect(await unrecognized()).toHaveLength(1);
  });

  it.each([
    ['leaves its queue where the same content waits from a live callback', true, 'for another callback', 0],
    ['stays where it waits itself, from an earlier redrive', false, 'remains here until', 1],
  ])('%s', async (_title, isLive, message, left) => {
    const { namespace, unrecognized } = await startWithOne();
    const { stored, ...rest } = openPorts(namespace);
    const [kept] = await unrecognized();
    const delivery = understandAwaiting(stored.registry, merchant, kept as UnrecognizedEvent);
    if (!delivery.ok) throw new Error(delivery.error);
    const waiting = isLive ? eventOf(delivery.value) : (kept as UnrecognizedEvent);
    await stored.queue.enqueue(queues.confirmation, waiting, contentOf(delivery.value));
    const acted = await redriveAll({ ...rest, ports: stored });
    expect(acted).toMatchObject([{ isDone: true, message: expect.stringContaining(message) }]);
    expect(await unrecognized()).toHaveLength(left);
  });
});

/** A receiver beside a sandbox that knows one payout, about which it got an ambiguous callback when it could not ask. */
const startBesideSandbox = async (change: Record<string, unknown> = {}, now: () => number = Date.now) => {
  const sandbox = await sandboxWith({ callbackSecret: SECRET });
  onTestFinished(() => sandbox[Symbol.asyncDispose]());
  const client = clientOf(sandbox.url);
  const request = payoutOf(20_000);
  await client.payout.create(request);
  await sandbox.settled();
  const { transactionId } = await client.payout.status({ mchOrderId: request.mchOrderId });
  const order = { transactionId, mchOrderId: request.mchOrderId, amount: 20_000, ...change };
  const { namespace, unrecognized, ...without } = await startWithOne(order, now);
  await without[Symbol.asyncDispose]();
  const env = {
    PAYCOOLS_BASE_URL: sandbox.url,
    PAYCOOLS_APP_ID: APP_ID,
    PAYCOOLS_PRIVATE_KEY: PRIVATE_KEY,
    QUEUE_PREFIX: namespace.prefix,
  };
  await startBeliever({ env });
  const [kept] = await unrecognized();
  const redrive = () =>
    paycools(['unrecognized', 'redrive', kept?.id ?? ''], {
      env: { ...env, PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: namespace.url },
    });
  const count = (name: string) => openQueue(namespace, name).getWaitingCount();
  const left = () =>
    until(async () => (await count('unrecognized')) === 0, { what: 'it left {unrecognized}', timeoutMs: 15_000 });
  return { sandbox, redrive, count, left, waiting: openQueue(namespace, 'confirmation') };
};

describe('a redriven callback', () => {
  it.each([
    ['confirms', {}, { payout: 1, findings: 0 }],
    ['contradicts', { amount: 999_900 }, { payout: 0, findings: 1 }],
  ])('leaves {unrecognized} when PayCools %s it', async (_verdict, change, expected) => {
    const { redrive, count, left } = await startBesideSandbox(change);
    expect((await redrive()).err).toContain('remains here until PayCools confirms or contradicts it');
    await left();
    expect({ payout: await count('payout'), findings: await count('findings') }).toEqual(expected);
  });

  it('is asked about for as long as a new one, however long ago it was received', async () => {
    const { sandbox, redrive, count, left, waiting } = await startBesideSandbox({}, () => Date.now() - HOUR_MS);
    sandbox.configure({ outage: 'unavailable' });
    await redrive();
    await until(async () => (await waiting.getDelayedCount()) === 1, { what: 'it is asked again', timeoutMs: 15_000 });
    sandbox.configure({ outage: 'none' });
    await left();
    expect(await count('payout')).toBe(1);
  });
});
