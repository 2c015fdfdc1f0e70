import type { CallReport } from '../client/settings.ts';
import type { Settings } from '../config/load.ts';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { dayOf } from '../core/day.ts';
import { HOUR_MS } from '../core/time.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Registry } from '../products/registry.ts';
import type { Report } from '../reconcile/report.ts';
import { connectReader } from '../redis/connection/connection.ts';
import { ReconciliationQueue } from '../redis/queue/reconciliation-queue.ts';
import { RedisRunStore } from '../redis/reconcile/run-store.ts';
import { createReconciler } from './reconciler.ts';
import type { Store } from './store.ts';

export type ReconciliationOptions = {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly registry: Registry;
  readonly merchants: MerchantDirectory;
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Counts and times calls to PayCools. */
export const observeClient =
  (metrics: Metrics) =>
  ({ endpoint, outcome, durationMs }: CallReport): void => {
    metrics.clientRequests.inc({ endpoint, outcome });
    metrics.clientDuration.observe(durationMs / 1000);
  };

/** What is kept with the job and logged: numbers, no payment. */
const summaryOf = ({ merchant, window, rows, matched, emitted, unanswered, counts }: Report) => ({
  merchant,
  window,
  rows,
  matched,
  emitted,
  unanswered,
  findings: counts,
});

const countReport = (metrics: Metrics, { counts }: Report, now: number): void => {
  metrics.reconciliationRuns.inc({ outcome: 'succeeded' });
  metrics.reconciliationLastSuccess.set(now / 1000);
  for (const [kind, count] of Object.entries(counts)) metrics.reconciliationFindings.inc({ kind }, count);
};

/** Recalls when a run last succeeded, on whichever replica: one that has just started has none of its own. */
const recallSuccess = async ({ settings, store, merchants, metrics }: ReconciliationOptions): Promise<void> => {
  const runs = new RedisRunStore({ redis: store.redis, prefix: settings.service.QUEUE_PREFIX });
  const reports = await Promise.all(merchants.names.map((name) => runs.reports(name)));
  const times = reports.flat().map(({ apply, finishedAt }) => (apply ? Date.parse(finishedAt) : 0));
  if (times.length > 0) metrics.reconciliationLastSuccess.set(Math.max(...times) / 1000);
};

/** Reconciles by itself when the schedule says so, on one replica; failures are retried, logged and counted. */
export const openReconciliation = (stack: AsyncDisposableStack, options: ReconciliationOptions): void => {
  const { settings, logger, metrics, merchants, store, now } = options;
  const { service } = settings;
  const reconcile = createReconciler({
    ...options,
    ...store,
    settings: service,
    observe: observeClient(metrics),
  });

  const run = async (merchant: string, signal: AbortSignal): Promise<unknown> => {
    const timeZone = merchants.find(merchant)?.timeZone ?? 'UTC';
    const from = dayOf(now() - service.RECONCILE_LOOKBACK_HOURS * HOUR_MS, timeZone);
    try {
      const report = await reconcile({ merchant, window: { from, to: dayOf(now(), timeZone) }, apply: true, signal });
      countReport(metrics, report, now());
      logger.info(summaryOf(report), 'reconciled');
      return summaryOf(report);
    } catch (err) {
      metrics.reconciliationRuns.inc({ outcome: 'failed' });
      logger.error({ err, merchant }, 'the reconciliation failed; it goes on where it was');
      throw err;
    }
  };

  store.redis.once('ready', () => {
    recallSuccess(options).catch((err) => logger.debug({ err }, 'reconciliation'));
  });
  stack.use(
    new ReconciliationQueue({
      redis: store.redis,
      connectReader: () => connectReader(service.REDIS_URL, 'paycools-reconciliation'),
      prefix: service.QUEUE_PREFIX,
      schedule: service.RECONCILE_SCHEDULE,
      timeZone: settings.merchant?.PAYCOOLS_TIME_ZONE ?? 'Asia/Manila',
      merchants: () => merchants.names.filter((name) => merchants.settingsOf(name)?.PAYCOOLS_PRIVATE_KEY != null),
      run,
      onError: (err) => logger.debug({ err }, 'reconciliation'),
    }),
  );
};
