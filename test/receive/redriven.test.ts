import { describe, expect, it } from 'vitest';
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
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { provedMerchant } from '../support/merchant.ts';
import type { Namespace } from '../support/namespace.ts';
import { openQueue } from '../support/queues.ts';
import { SECRET } from '../support/service.ts';
import { until } from '../support/until.ts';
import { startReceiver } from './support.ts';

const AMBIGUOUS_REMARK = { remark: 'https://shop.example/r?o=1&userId=77' };
const merchant = { ...provedMerchant, canConfirm: () => true };

/** A receiver without access to PayCools, with one ambiguous callback on {unrecognized}. */
const startWithUnrecognized = async (change: Record<string, unknown> = {}, now: () => number = Date.now) => {
  const receiver = await startReceiver({ now });
  expect((await receiver.payout({ ...AMBIGUOUS_REMARK, ...change })).status).toBe(200);
  expect(await receiver.unrecognized()).toHaveLength(1);
  return receiver;
};

/** What a redrive needs, in the Redis of a receiver. */
const openPorts = ({ redis, prefix }: Namespace) => {
  const events = openEventStore({ redis, prefix, deduplicationMs: 60_000, families: [] });
  const stored = { registry: createRegistry(products), ...events };
  const jobs = disposeWithTest(new BullJobBrowser({ redis, prefix, onError: () => undefined }));
  return { stored, jobs, merchants: { find: () => merchant } };
};

const redriveAll = async (ports: JobPorts): Promise<ItemResult[]> => {
  const results: ItemResult[] = [];
  for await (const result of redriveItems(ports, 'unrecognized', { filter: {} })) results.push(result);
  return results;
};

describe('an unrecognized callback that is redriven and awaits confirmation', () => {
  it('remains on its queue when the confirmation gives up before the redrive has ended', async () => {
    const { namespace, unrecognized } = await startWithUnrecognized();
    const { stored, ...rest } = openPorts(namespace);
    const verdicts: string[] = [];
    /** The confirmation gives up as soon as the event is on its queue, before `enqueue` returns. */
    const enqueue: EventQueue['enqueue'] = async (name, event, id) => {
      const added = await stored.queue.enqueue(name, event, id);
      const waiting = { ports: stored, provider: NO_PROVIDER, merchant, event: event as AwaitingEvent };
      verdicts.push(await confirmEvent({ ...waiting, isLast: true }));
      return added;
    };
    const results = await redriveAll({ ...rest, ports: { ...stored, queue: { enqueue } } });
    expect(results).toMatchObject([{ isDone: true, message: expect.stringContaining('remains here until') }]);
    expect(verdicts).toEqual(['unrecognized']);
    expect(await unrecognized()).toHaveLength(1);
  });

  it.each([
    ['leaves its queue if the same content awaits confirmation from a live callback', true, 'for another callback', 0],
    ['remains on its queue if it awaits confirmation from an earlier redrive', false, 'remains here until', 1],
  ])('%s', async (_title, isLive, message, remaining) => {
    const { namespace, unrecognized } = await startWithUnrecognized();
    const { stored, ...rest } = openPorts(namespace);
    const [item] = await unrecognized();
    const delivery = understandAwaiting(stored.registry, merchant, item as UnrecognizedEvent);
    if (!delivery.ok) throw new Error(delivery.error);
    const waiting = isLive ? eventOf(delivery.value) : (item as UnrecognizedEvent);
    await stored.queue.enqueue(queues.confirmation, waiting, contentOf(delivery.value));
    const results = await redriveAll({ ...rest, ports: stored });
    expect(results).toMatchObject([{ isDone: true, message: expect.stringContaining(message) }]);
    expect(await unrecognized()).toHaveLength(remaining);
  });
});

/** A receiver and a sandbox with one payout, whose ambiguous callback was received when PayCools could not be asked. */
const startBesideSandbox = async (change: Record<string, unknown> = {}, now: () => number = Date.now) => {
  const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET }));
  const client = clientOf(sandbox.url);
  const request = payoutOf(20_000);
  await client.payout.create(request);
  await sandbox.settled();
  const { transactionId } = await client.payout.status({ mchOrderId: request.mchOrderId });
  const order = { transactionId, mchOrderId: request.mchOrderId, amount: 20_000, ...change };
  const { namespace, unrecognized, ...without } = await startWithUnrecognized(order, now);
  await without[Symbol.asyncDispose]();
  const env = {
    ...apiEnv(sandbox.url),
    QUEUE_PREFIX: namespace.prefix,
  };
  await startReceiver({ env });
  const [item] = await unrecognized();
  const redrive = () =>
    paycools(['unrecognized', 'redrive', item?.id ?? ''], {
      env: { ...env, PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: namespace.url },
    });
  const count = (name: string) => openQueue(namespace, name).getWaitingCount();
  const untilRemoved = () =>
    until(async () => (await count('unrecognized')) === 0, { what: 'it left {unrecognized}', timeoutMs: 15_000 });
  return { sandbox, redrive, count, untilRemoved, waiting: openQueue(namespace, 'confirmation') };
};

describe('a redriven callback', () => {
  it.each([
    ['confirms', {}, { payout: 1, findings: 0 }],
    ['contradicts', { amount: 999_900 }, { payout: 0, findings: 1 }],
  ])('leaves {unrecognized} when PayCools %s it', async (_verdict, change, expected) => {
    const { redrive, count, untilRemoved } = await startBesideSandbox(change);
    expect((await redrive()).err).toContain('remains here until PayCools confirms or contradicts it');
    await untilRemoved();
    expect({ payout: await count('payout'), findings: await count('findings') }).toEqual(expected);
  });

  it('is asked about for as long as a new one, however long ago it was received', async () => {
    const { sandbox, redrive, count, untilRemoved, waiting } = await startBesideSandbox({}, () => Date.now() - HOUR_MS);
    sandbox.configure({ outage: 'unavailable' });
    await redrive();
    await until(async () => (await waiting.getDelayedCount()) === 1, { what: 'it is asked again', timeoutMs: 15_000 });
    sandbox.configure({ outage: 'none' });
    await untilRemoved();
    expect(await count('payout')).toBe(1);
  });
});
