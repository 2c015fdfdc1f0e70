import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, dayOf } from '../../src/core/day.ts';
import type { PaymentEvent } from '../../src/core/event.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { type ReconcilePorts, type ReconcileRequest, reconcile } from '../../src/reconcile/run.ts';
import { createEmissionLog } from '../../src/redis/journal/emission-log.ts';
import { JournalWriter } from '../../src/redis/journal/journal-writer.ts';
import { openEventStore } from '../../src/redis/open-event-store.ts';
import { BullOpenFindings } from '../../src/redis/reconcile/open-findings.ts';
import { RedisRunLock } from '../../src/redis/reconcile/run-lock.ts';
import { RedisRunStore } from '../../src/redis/reconcile/run-store.ts';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import { clientOf, sandboxWith } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { provedMerchant } from '../support/merchant.ts';
import { waitingEvents } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The real service, a sandbox that sends it callbacks, and a reconciliation of the two. */
export const startStage = async (options: Partial<SandboxOptions> = {}) => {
  const { publicUrl, namespace } = await startTestService();
  const callbackUrl = `${publicUrl}/callbacks`;
  const sandbox = disposeWithTest(
    await sandboxWith({ callbackSecret: SECRET, callbackUrl, enveloped: [], ...options }),
  );
  const { redis, prefix } = namespace;
  const events = openEventStore({ redis, prefix, deduplicationMs: 30 * DAY_MS, families: [] });
  const store = new RedisRunStore({ redis, prefix });
  const ignore = (): void => undefined;
  const limits = { maxEntries: 10_000, retentionMs: 7 * DAY_MS };
  const journal = new JournalWriter({ redis, prefix, cipher: null, ...limits, onSkipped: ignore, onError: ignore });
  const openFindings = disposeWithTest(
    new BullOpenFindings({ actor: 'reconciliation', redis, prefix, now: Date.now, onError: ignore }),
  );
  const ports: ReconcilePorts = {
    registry: createRegistry(products),
    ...events,
    reader: events.ledger,
    store,
    lock: new RedisRunLock({ redis, prefix }),
    now: Date.now,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    retentionDays: 30,
    emissions: createEmissionLog(journal),
    openFindings,
  };
  const client = clientOf(sandbox.url);
  const today = dayOf(Date.now(), provedMerchant.timeZone);
  const window = { from: addDays(today, -1), to: addDays(today, 1) }; // a test may run across midnight
  const run = (change: Partial<ReconcileRequest> = {}, changed: Partial<ReconcilePorts> = {}) =>
    reconcile(
      { ...ports, ...changed },
      { merchant: provedMerchant, client, window, requestsPerSecond: 10_000, ...change },
    );
  const eventsOf = async (product: string) => (await waitingEvents(namespace, product)) as PaymentEvent[];
  return { sandbox, client, callbackUrl, ports, store, redis, prefix, run, eventsOf };
};

export type Stage = Awaited<ReturnType<typeof startStage>>;

const PRODUCTS = products.map(({ product }) => product);

/** Every event on every queue of a family, as `transaction status`, sorted. */
export const allEvents = async ({ eventsOf }: Stage): Promise<string[]> => {
  const events = (await Promise.all(PRODUCTS.map(eventsOf))).flat();
  return events
    .filter(({ data }) => data.transactionId !== null)
    .map(({ data }) => `${data.transactionId} ${data.product} ${data.status}`)
    .sort();
};

const STATUS = { COMPLETE: 'succeeded', FAILED: 'failed', CLOSED: 'closed', PENDING: 'pending' } as const;

/** All completed transactions of the sandbox, in the same form. */
export const allEnded = ({ sandbox }: Stage): string[] =>
  sandbox.transactions
    .filter(({ status }) => status !== 'PENDING')
    .map(({ transactionId, product, status }) => {
      const isCancelled = product === 'refund' && status === 'CLOSED';
      return `${transactionId} ${product} ${isCancelled ? 'cancelled' : STATUS[status]}`;
    })
    .sort();
