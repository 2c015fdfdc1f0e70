import { describe, expect, it } from 'vitest';
import type { PaymentEvent } from '../../src/core/event.ts';
import { eventId } from '../../src/core/event-id.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { markDelivered, markRefuted, place } from '../../src/receive/history.ts';
import { restore } from '../../src/receive/restore.ts';
import { createDeadline } from '../../src/redis/deadline.ts';
import { encodeHistory, storedOf } from '../../src/redis/ledger/history-codec.ts';
import { openEventStore } from '../../src/redis/open-event-store.ts';
import { exampleFields } from '../support/examples.ts';
import { provedMerchant } from '../support/merchant.ts';
import { waitingJobs } from '../support/queues.ts';
import { useCluster } from '../support/shared-cluster.ts';

const DAY_MS = 86_400_000;
const FAMILIES = ['qr-code', 'web-payment'] as const;
type Family = (typeof FAMILIES)[number];

/** The name under which each family reports the same payment. */
const NAMES = { 'qr-code': 'qrcode.payment', 'web-payment': 'h5.payment' } as const;

type Callback = { readonly family: Family; readonly id: string; readonly status?: 'COMPLETE' | 'FAILED' };

const bodyOf = ({ family, id, status = 'COMPLETE' }: Callback): Uint8Array => {
  const eventName = `${NAMES[family]}.${status === 'COMPLETE' ? 'success' : 'failed'}`;
  const fields = exampleFields('qr-code', 'qrcode.payment.success');
  const returnTime = status === 'COMPLETE' ? '2026-05-02 11:00:00' : '2026-05-02 12:00:00';
  const changed = { ...fields, eventName, transactionId: id, transactionStatus: status, returnTime };
  return new TextEncoder().encode(JSON.stringify(changed));
};

const { open, connect, keysOf } = useCluster();

const subjectOf = (id: string) => ({ merchant: 'default', subject: { kind: 'transaction', id } });

/** Several receivers on one cluster, each with its own connection. */
const openReceivers = async (count = 1) => {
  const { prefix, redis } = await open();
  const receivers = await Promise.all(
    Array.from({ length: count }, async () => {
      const options = { redis: await connect(), prefix, deduplicationMs: 30 * DAY_MS, families: [...FAMILIES] };
      const parts = { merchants: { find: () => provedMerchant }, deadline: createDeadline(10_000) };
      const ports = { ...parts, registry: createRegistry(products), ...openEventStore(options) };
      const receivedAt = Date.parse('2026-05-03T00:00:00Z');
      return {
        ...ports,
        receive: (callback: Callback) =>
          restore(ports, { merchant: 'default', product: callback.family, receivedAt, body: bodyOf(callback) }),
      };
    }),
  );
  const eventsOf = async (family: Family) =>
    (await waitingJobs({ prefix, redis }, family)).map(({ data }) => data as PaymentEvent);
  const [first] = receivers;
  if (first === undefined) throw new Error('there is no receiver');
  /** The key of the claim of a subject. */
  const claimKey = (id: string) => `${prefix}:ledger:default:transaction:${id}`;
  return { prefix, redis, receivers, first, eventsOf, claimKey };
};

/** The history that an earlier version wrote for a payment that succeeded as a QR code. */
const earlierHistory = () => {
  const statement = { status: 'succeeded', amount: null, merchantOrderId: null, channelCode: null } as const;
  const moment = { completedAt: Date.parse('2026-05-02T03:00:00Z'), createdAt: null, receivedAt: 1 };
  const reported = { product: 'qr-code', statement, origin: 'callback', moment } as const;
  const { history } = place(storedOf('').history, reported);
  return encodeHistory(markDelivered(history, 0));
};

describe('an event in a cluster', () => {
  it('is written with its history and day in the slot of its queue, without a deduplication key', async () => {
    const { first, prefix } = await openReceivers();
    await first.receive({ family: 'qr-code', id: 'T1' });
    const names = await keysOf(prefix);
    expect(names.filter((name) => !name.includes('{qr-code}'))).toEqual(['ledger:default:transaction:T1']);
    expect(names.filter((name) => name.includes(':de:'))).toEqual([]);
    expect(names).toContain('ledger:{qr-code}:default:transaction:T1');
    expect((await first.ledger.read(subjectOf('T1')))?.history.sightings).toMatchObject([{ isDelivered: true }]);
    expect(await first.ledger.find('default', [subjectOf('T1').subject])).toMatchObject([{ product: 'qr-code' }]);
  });

  it('is added once, to one queue, when several receivers get it at once as two families', async () => {
    const { receivers, eventsOf } = await openReceivers(3);
    const ids = Array.from({ length: 40 }, (_, index) => `T${index}`);
    const callbacks = ids.flatMap((id) => FAMILIES.map((family) => ({ family, id })));
    await Promise.all(receivers.flatMap(({ receive }) => callbacks.map(receive)));
    await Promise.all(callbacks.map((it) => receivers[0]?.receive({ ...it, status: 'FAILED' })));
    const events = (await Promise.all(FAMILIES.map(eventsOf))).flat();
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events).toHaveLength(2 * ids.length);
    const places = new Set(events.map(({ subject, data }) => `${subject} ${data.product}`));
    expect(places.size).toBe(ids.length);
  });

  it('is stored once if a receiver was killed between claiming the slot and storing the event', async () => {
    const { first, redis, claimKey, eventsOf } = await openReceivers();
    await redis.set(claimKey('T1'), 'web-payment', 'PX', DAY_MS);
    await first.receive({ family: 'qr-code', id: 'T1' });
    await first.receive({ family: 'web-payment', id: 'T1' });
    await first.receive({ family: 'web-payment', id: 'T1', status: 'FAILED' });
    expect((await eventsOf('qr-code')).map(({ data }) => [data.status, data.flags])).toEqual([
      ['succeeded', []],
      ['failed', ['reversal']],
    ]);
    expect(await eventsOf('web-payment')).toEqual([]);
  });

  it('does not begin a second history if the claim expires before the history', async () => {
    const { first, redis, claimKey, eventsOf } = await openReceivers();
    await first.receive({ family: 'qr-code', id: 'T1' });
    const [family, history] = await Promise.all([
      redis.pttl(claimKey('T1')),
      redis.pttl(claimKey('T1').replace('ledger:', 'ledger:{qr-code}:')),
    ]);
    expect(family).toBeGreaterThan(history);
    await redis.pexpire(claimKey('T1'), 1000);
    await first.receive({ family: 'qr-code', id: 'T1', status: 'FAILED' });
    expect(await redis.pttl(claimKey('T1'))).toBeGreaterThan(DAY_MS);
    expect(await eventsOf('qr-code')).toHaveLength(2);
  });

  it.each(FAMILIES)(
    'arrives as %s and continues the history of an earlier version, which can no longer read it',
    async (family) => {
      const { first, prefix, redis, claimKey, eventsOf } = await openReceivers();
      await redis.set(claimKey('T1'), earlierHistory(), 'PX', DAY_MS);
      expect((await first.ledger.read(subjectOf('T1')))?.history.product).toBe('qr-code');
      await first.receive({ family, id: 'T1', status: 'FAILED' });
      expect(await eventsOf('qr-code')).toMatchObject([{ data: { status: 'failed', flags: ['reversal'] } }]);
      await first.receive({ family, id: 'T1' });
      expect(await eventsOf('qr-code')).toHaveLength(1);
      const text = (await redis.get(claimKey('T1'))) ?? '';
      expect(() => storedOf(text)).toThrow(SyntaxError);
      expect(await keysOf(prefix)).toContain('ledger:{qr-code}:default:transaction:T1');
    },
  );

  it.each([
    ['a history not yet marked as delivered', ['set', JSON.stringify(['qr-code', []])]],
    ['an entry of version 0.1', ['hset', 'product', 'qr-code']],
  ])(
    'is a duplicate by its deduplication key if an earlier version left %s',
    async (_name, [command = '', ...args]) => {
      const { first, redis, prefix, claimKey, eventsOf } = await openReceivers();
      await redis.call(command, claimKey('T1'), ...args);
      const id = eventId('default', subjectOf('T1').subject, 'succeeded');
      await redis.set(`${prefix}:{qr-code}:de:${id}`, 'job-of-an-earlier-version', 'PX', DAY_MS);
      await first.receive({ family: 'web-payment', id: 'T1' });
      expect((await Promise.all(FAMILIES.map(eventsOf))).flat()).toEqual([]);
      await first.receive({ family: 'web-payment', id: 'T1', status: 'FAILED' });
      expect(await eventsOf('qr-code')).toMatchObject([{ data: { status: 'failed', flags: ['reversal'] } }]);
    },
  );

  it('fails alone if the claim of its subject has the wrong type', async () => {
    const { receivers, redis, claimKey, eventsOf } = await openReceivers();
    await redis.sadd(claimKey('T2'), 'foreign');
    const results = await Promise.allSettled(
      ['T1', 'T2', 'T3'].map((id) => receivers[0]?.receive({ family: 'qr-code', id })),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await eventsOf('qr-code')).toHaveLength(2);
  });

  it('is delivered if only a refuted callback of its subject is known', async () => {
    const { first, eventsOf } = await openReceivers();
    const { history } = storedOf('');
    await first.ledger.replace(
      subjectOf('T1'),
      null,
      markRefuted(history, { content: 'evt_contradicted', isRefuted: true }),
    );
    await Promise.all(FAMILIES.map((family) => first.receive({ family, id: 'T1' })));
    expect((await Promise.all(FAMILIES.map(eventsOf))).flat()).toHaveLength(1);
    expect((await first.ledger.read(subjectOf('T1')))?.history.refuted).toEqual(['evt_contradicted']);
  });
});
