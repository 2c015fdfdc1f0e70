import { setTimeout as sleep } from 'node:timers/promises';
import { dayOf } from '../../src/core/day.ts';
import type { FindingEvent, PaymentEvent } from '../../src/core/event.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { type ReconcilePorts, type ReconcileRequest, reconcile } from '../../src/reconcile/run.ts';
import { createEmissionLog } from '../../src/redis/journal/emission-log.ts';
import { JournalWriter } from '../../src/redis/journal/journal-writer.ts';
import { openEventStore } from '../../src/redis/open-event-store.ts';
import { BullOpenFindings } from '../../src/redis/reconcile/open-findings.ts';
import { RedisRunLock } from '../../src/redis/reconcile/run-lock.ts';
import { RedisRunStore } from '../../src/redis/reconcile/run-store.ts';
import { clientOf } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { readerOf } from '../support/journal.ts';
import { provedMerchant } from '../support/merchant.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';
import { waitingEvents } from '../support/queues.ts';
import { type FakeOptions, startFake } from './fake-paycools.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ignore = (): void => undefined;

const today = dayOf(Date.now(), provedMerchant.timeZone);

/** The ports of a reconciliation in a test namespace. */
export const openPorts = ({ redis, prefix }: Namespace): ReconcilePorts => {
  const events = openEventStore({ redis, prefix, deduplicationMs: 30 * DAY_MS, families: [] });
  const limits = { maxEntries: 10_000, retentionMs: 7 * DAY_MS };
  const journal = new JournalWriter({ redis, prefix, cipher: null, ...limits, onSkipped: ignore, onError: ignore });
  const openFindings = disposeWithTest(
    new BullOpenFindings({ actor: 'reconciliation', redis, prefix, now: Date.now, onError: ignore }),
  );
  return {
    registry: createRegistry(products),
    ...events,
    reader: events.ledger,
    store: new RedisRunStore({ redis, prefix }),
    lock: new RedisRunLock({ redis, prefix }),
    now: Date.now,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    retentionDays: 30,
    emissions: createEmissionLog(journal),
    openFindings,
  };
};

/** Reconciles a fake PayCools with a test namespace. */
export const startFakeStage = async (options: Omit<FakeOptions, 'day'> = {}) => {
  const fake = await startFake({ ...options, day: today });
  const namespace = openNamespace();
  const ports = openPorts(namespace);
  const client = clientOf(fake.url);
  const run = (change: Partial<ReconcileRequest> = {}) =>
    reconcile(ports, {
      merchant: provedMerchant,
      client,
      window: { from: today, to: today },
      apply: true,
      depth: 'statements',
      requestsPerSecond: 1000,
      ...change,
    });
  const eventsOf = async (product: string) => (await waitingEvents(namespace, product)) as PaymentEvent[];
  const findings = async () => (await waitingEvents(namespace, 'findings')) as FindingEvent[];
  return { fake, ports, run, eventsOf, findings, namespace, journal: readerOf(namespace) };
};
