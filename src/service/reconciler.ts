import { setTimeout as sleep } from 'node:timers/promises';
import { createPaycoolsClient, type PaycoolsClient } from '../client/create-paycools-client.ts';
import type { CallReport } from '../client/settings.ts';
import type { MerchantSettings } from '../config/environment.ts';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { apiSettingsOf } from '../config/merchant-settings.ts';
import { DAY_MS } from '../core/time.ts';
import type { Registry } from '../products/registry.ts';
import { ApiNotConfiguredError } from '../reconcile/errors.ts';
import type { Report } from '../reconcile/report.ts';
import { type ReconcileRequest, reconcile } from '../reconcile/run.ts';
import { connectProducer, type RedisClient } from '../redis/connection/connection.ts';
import { untilReady } from '../redis/connection/until-ready.ts';
import { createEmissionLog } from '../redis/journal/emission-log.ts';
import type { JournalWriter } from '../redis/journal/journal-writer.ts';
import { type EventStore, openEventStore } from '../redis/open-event-store.ts';
import { BullOpenFindings } from '../redis/reconcile/open-findings.ts';
import { RedisRunLock } from '../redis/reconcile/run-lock.ts';
import { RedisRunStore } from '../redis/reconcile/run-store.ts';
import type { ServiceContext } from './context.ts';
import { openJournalOn } from './journal.ts';

/** What to reconcile. Rate, depth and refund budget default to the configured ones. */
type NamedReconcileRequest = Omit<ReconcileRequest, 'merchant' | 'client'> & { readonly merchant: string };

/**
 * Reconciles a merchant.
 *
 * @throws ApiNotConfiguredError if the merchant's calls to PayCools are not configured, and what {@link reconcile} throws
 */
export type Reconciler = (request: NamedReconcileRequest) => Promise<Report>;

export type ReconcilerParts = EventStore &
  Pick<ServiceContext, 'settings' | 'now'> & {
    readonly registry: Registry;
    readonly merchants: MerchantDirectory;
    readonly redis: RedisClient;
    readonly journal: JournalWriter;
    readonly onError: (error: unknown) => void;
    /** Called after each call to PayCools. */
    readonly observe?: (report: CallReport) => void;
  };

/** Creates the API client of a merchant; null if its calls to PayCools are not configured. */
export const createMerchantClient = (
  settings: MerchantSettings | undefined,
  observe: ReconcilerParts['observe'],
): PaycoolsClient | null => {
  const api = settings === undefined ? null : apiSettingsOf(settings);
  return api === null ? null : createPaycoolsClient({ ...api, ...(observe === undefined ? {} : { observe }) });
};

/** Builds a reconciler from existing connections. */
export const createReconciler = (stack: AsyncDisposableStack, parts: ReconcilerParts): Reconciler => {
  const { settings, registry, merchants, redis, ledger, queue, commit, journal, now, onError, observe } = parts;
  const { QUEUE_PREFIX: prefix } = settings;
  const ports = {
    registry,
    ledger,
    reader: ledger,
    queue,
    commit,
    emissions: createEmissionLog(journal),
    openFindings: stack.use(new BullOpenFindings({ actor: 'reconciliation', redis, prefix, now, onError })),
    store: new RedisRunStore({ redis, prefix }),
    lock: new RedisRunLock({ redis, prefix }),
    now,
    sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
    retentionDays: settings.DEDUPLICATION_DAYS,
  };
  return async ({ merchant: name, ...request }) => {
    const merchant = merchants.find(name);
    const client = createMerchantClient(merchants.settingsOf(name), observe);
    if (merchant === undefined || client === null) throw new ApiNotConfiguredError(name);
    const defaults = {
      requestsPerSecond: settings.RECONCILE_RATE,
      depth: settings.RECONCILE_DEPTH,
      refundBudget: settings.RECONCILE_REFUND_BUDGET,
    };
    return reconcile(ports, { ...defaults, ...request, merchant, client });
  };
};

/** A reconciler with its own connection: for a process that does nothing else, such as the command line. */
type OpenReconciler = AsyncDisposable & { readonly reconcile: Reconciler };

/** How long Redis may take to become ready, in milliseconds. */
const CONNECT_MS = 5000;

/**
 * Connects to Redis and builds a reconciler.
 *
 * @throws Error if Redis does not answer in time
 */
export const openReconciler = async (
  parts: Omit<ReconcilerParts, keyof EventStore | 'redis' | 'journal' | 'onError'>,
): Promise<OpenReconciler> => {
  const { settings } = parts;
  const { QUEUE_PREFIX: prefix } = settings;
  await using stack = new AsyncDisposableStack();
  const redis = connectProducer(settings.REDIS_URL, 'paycools-reconciler');
  stack.defer(() => redis.disconnect());
  redis.on('error', () => undefined); // an error that matters fails the command
  await untilReady(redis, CONNECT_MS);
  // It does not wait for replicas, because no reply depends on it.
  const deduplicationMs = settings.DEDUPLICATION_DAYS * DAY_MS;
  const events = openEventStore({ redis, prefix, deduplicationMs, families: [...parts.registry.byProduct.keys()] });
  const ignore = (): void => undefined;
  const journal = openJournalOn(stack, { redis, settings, onSkipped: ignore, onError: ignore });
  const reconcile = createReconciler(stack, { ...parts, ...events, redis, journal, onError: ignore });
  const running = stack.move();
  return { reconcile, [Symbol.asyncDispose]: () => running.disposeAsync() };
};
