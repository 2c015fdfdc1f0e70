import fc from 'fast-check';
import { expect } from 'vitest';
import type { AnyEvent, FindingEvent, PaymentEvent, Status } from '../../src/core/event.ts';
import { interpretReply } from '../../src/products/interpret.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { deliver } from '../../src/receive/deliver.ts';
import { restore } from '../../src/receive/restore.ts';
import { createDeadline } from '../../src/redis/deadline.ts';
import { openEventStore } from '../../src/redis/open-event-store.ts';
import { provedMerchant } from '../support/merchant.ts';
import { type QueueLocation, waitingEvents } from '../support/queues.ts';

// The long form: `MODEL_RUNS=2000 MODEL_SEED=1 npm test -- test/receive/model.test.ts`.
const RUNS = Number(process.env['MODEL_RUNS'] ?? 40);
const SEED = process.env['MODEL_SEED'];

const WORDS = { succeeded: 'COMPLETE', failed: 'FAILED', closed: 'CLOSED', pending: 'PENDING' } as const;
type Reached = keyof typeof WORDS;

/** The payout reaches a status. No two facts have the same second. */
type Fact = { readonly status: Reached; readonly second: number };
/**
 * How a fact arrives. Spooled callbacks were received in order, but reach Redis after all others. A fact is stored in one
 * step, in several, or by BullMQ's own `add`: replicas of each kind may work side by side.
 */
type Arrival = Fact & {
  readonly by: 'callback' | 'spool' | 'reconciliation';
  readonly stored: 'in one step' | 'in steps' | 'by BullMQ';
};

const facts = fc.uniqueArray(
  fc.record({
    status: fc.constantFrom<Reached>('succeeded', 'failed', 'closed', 'pending'),
    second: fc.integer({ min: 10, max: 40 }),
  }),
  { minLength: 1, maxLength: 5, selector: ({ second }) => second },
);

const way = fc.record({
  by: fc.constantFrom<Arrival['by']>('callback', 'callback', 'spool', 'reconciliation'),
  stored: fc.constantFrom<Arrival['stored']>('in one step', 'in steps', 'by BullMQ'),
});

const callback = { by: 'callback', stored: 'in one step' } as const;

/** Every fact at least once, some repeated, in any order and by any way. */
const arrivals = facts.chain((all) =>
  fc
    .tuple(
      fc.shuffledSubarray([...all, ...all], { minLength: all.length }),
      fc.array(way, { minLength: 2 * all.length, maxLength: 2 * all.length }),
    )
    .map(([some, ways]) => {
      const missing = all.filter((fact) => !some.includes(fact));
      const every = [...some, ...missing];
      return { all, arrivals: every.map((fact, index): Arrival => ({ ...fact, ...(ways[index] ?? callback) })) };
    }),
);

const fieldsOf = ({ status, second }: Fact) => ({
  amount: 1000,
  createTime: '2026-05-02 10:00:00',
  eventName: status === 'succeeded' ? 'disbursement.success' : 'disbursement.failed',
  mchOrderId: 'M1',
  ...(status === 'pending' ? {} : { returnTime: `2026-05-02 11:00:${second}` }),
  transactionId: 'D1',
  transactionStatus: WORDS[status],
});

const bodyOf = (fact: Fact): Uint8Array =>
  new TextEncoder().encode(
    // A pending callback comes from a name that does not contradict it.
    JSON.stringify({ ...fieldsOf(fact), ...(fact.status === 'pending' ? { eventName: 'disbursement.success' } : {}) }),
  );

const openReceiver = (namespace: QueueLocation) => {
  const { redis, prefix } = namespace;
  const options = { redis, prefix, deduplicationMs: 60_000, families: [], waitForReplicas: async () => undefined };
  const oneStep = {
    registry: createRegistry(products),
    ...openEventStore(options),
    merchants: { find: () => provedMerchant },
    deadline: createDeadline(10_000),
  };
  const portsOf = {
    'in one step': oneStep,
    'in steps': { ...oneStep, commit: null },
    'by BullMQ': { ...oneStep, ...openEventStore({ ...options, isScriptProved: false }) },
  };
  const portsFor = ({ stored }: Arrival) => portsOf[stored];
  let receivedAt = Date.parse('2026-05-03T00:00:00Z');
  const receive = async (fact: Arrival, at: number): Promise<void> =>
    restore(portsFor(fact), { merchant: 'default', product: 'payout', receivedAt: at, body: bodyOf(fact) });
  const reconcile = async (fact: Arrival, at: number): Promise<void> => {
    const subject = { kind: 'transaction', id: 'D1' };
    const { eventName: _, ...fields } = fieldsOf(fact);
    const interpreted = interpretReply(oneStep.registry, { product: 'payout', subject, fields }, 'Asia/Manila');
    if (!interpreted.ok) throw new Error(interpreted.error);
    await deliver(portsFor(fact), {
      merchant: provedMerchant,
      interpreted: interpreted.value,
      origin: 'reconciliation',
      receivedAt: at,
      flags: [],
      isAmbiguous: false,
    });
  };
  const take = async (all: readonly Arrival[]): Promise<void> => {
    const spooled: (() => Promise<void>)[] = [];
    for (const fact of all) {
      receivedAt += 1000;
      const at = receivedAt;
      if (fact.by === 'spool') spooled.push(() => receive(fact, at));
      else await (fact.by === 'callback' ? receive(fact, at) : reconcile(fact, at));
    }
    for (const drain of spooled) await drain();
  };
  const takeAtOnce = async (all: readonly Arrival[]): Promise<void> => {
    receivedAt += 1000;
    await Promise.all(all.map((fact) => receive(fact, receivedAt)));
  };
  return { take, takeAtOnce };
};

/** What a worker believes after all events: it follows every one that is not stale. */
const pictureOf = (events: readonly PaymentEvent[]): Status | null =>
  events.reduce<Status | null>((status, { data }) => (data.flags.includes('stale') ? status : data.status), null);

/**
 * What is true: the last final status, else pending. A reversal must be found for each final status that directly follows
 * another one. It may also be found for one that follows later, because those in between may not have arrived yet.
 */
const truthOf = (all: readonly Fact[]) => {
  const finals = all.filter(({ status }) => status !== 'pending').sort((left, right) => left.second - right.second);
  const pairs = finals.flatMap(({ status: before }, index) =>
    finals.slice(index + 1).map(({ status: after }, offset) => ({ before, after, isNext: offset === 0 })),
  );
  const different = pairs.filter(({ before, after }) => before !== after);
  const name = ({ before, after }: { before: Status; after: Status }): string => `${before} → ${after}`;
  return {
    picture: finals.at(-1)?.status ?? 'pending',
    mustBeFound: different.filter(({ isNext }) => isNext).map(name),
    mayBeFound: different.map(name),
  };
};

/** Opens the Redis namespace of one run. */
type OpenNamespace = () => QueueLocation | Promise<QueueLocation>;

const check = <Values>(property: fc.IAsyncPropertyWithHooks<Values>): Promise<void> =>
  fc.assert(property, { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) });

/** Workers end up with the truth, whatever the order and the way of arrival. */
export const checkTruth = (open: OpenNamespace): Promise<void> =>
  check(
    fc.asyncProperty(arrivals, async ({ all, arrivals: arriving }) => {
      const namespace = await open();
      await openReceiver(namespace).take(arriving);
      const events = (await waitingEvents(namespace, 'payout')) as PaymentEvent[];
      const findings = (await waitingEvents(namespace, 'findings')) as FindingEvent[];
      const { picture, mustBeFound, mayBeFound } = truthOf(all);
      expect(pictureOf(events)).toBe(picture);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      const found = findings.map(({ data }) => `${data.recorded?.status} → ${data.received?.status}`);
      expect(found).toEqual(expect.arrayContaining(mustBeFound));
      expect(mayBeFound).toEqual(expect.arrayContaining(found));
      expect((await waitingEvents(namespace, 'unrecognized')) as AnyEvent[]).toEqual([]);
    }),
  );

/** Each fact is enqueued once, however many callbacks arrive at once. */
export const checkOnce = (open: OpenNamespace): Promise<void> =>
  check(
    fc.asyncProperty(arrivals, async ({ all, arrivals: arriving }) => {
      const namespace = await open();
      await openReceiver(namespace).takeAtOnce([...arriving, ...arriving]);
      const events = (await waitingEvents(namespace, 'payout')) as PaymentEvent[];
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      expect(new Set(events.map(({ data }) => data.status))).toEqual(new Set(all.map(({ status }) => status)));
    }),
  );
