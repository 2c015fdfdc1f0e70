import type { CallReport } from '../client/settings.ts';
import type { Settings } from '../config/load.ts';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { DEFAULT_TIME_ZONE } from '../core/time.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Registry } from '../products/registry.ts';
import { type Report, summarizeReport } from '../reconcile/report.ts';
import { scheduledWindow } from '../reconcile/schedule.ts';
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

const countReport = (metrics: Metrics, { counts }: Report, now: number): void => {
  metrics.reconciliationRuns.inc({ outcome: 'succeeded' });
  metrics.reconciliationLastSuccess.set(now / 1000);
  for (const [kind, count] of Object.entries(counts)) metrics.reconciliationFindings.inc({ kind }, count);
};

/** Restores when a run last succeeded, on whichever replica: one that has just started has none of its own. */
const restoreLastSuccess = async ({ settings, store, merchants, metrics }: ReconciliationOptions): Promise<void> => {
  const runs = new RedisRunStore({ redis: store.redis, prefix: settings.service.QUEUE_PREFIX });
  const reports = await Promise.all(merchants.names.map((name) => runs.reports(name)));
  const times = reports.flat().map(({ apply, finishedAt }) => (apply ? Date.parse(finishedAt) : 0));
  if (times.length > 0) metrics.reconciliationLastSuccess.set(Math.max(...times) / 1000);
};

/** Reconciles on schedule, on one replica; failures are retried, logged and counted. */
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
    const timeZone = merchants.find(merchant)?.timeZone ?? DEFAULT_TIME_ZONE;
    const window = scheduledWindow({ now: now(), lookbackHours: service.RECONCILE_LOOKBACK_HOURS, timeZone });
    try {
      const report = await reconcile({ merchant, window, apply: true, signal });
      countReport(metrics, report, now());
      logger.info(summarizeReport(report), 'reconciled');
      return summarizeReport(report);
    } catch (err) {
      metrics.reconciliationRuns.inc({ outcome: 'failed' });
      logger.error({ err, merchant }, 'the reconciliation failed; the next attempt resumes where it stopped');
      throw err;
    }
  };

  store.redis.once('ready', () => {
    restoreLastSuccess(options).catch((err) => logger.debug({ err }, 'reconciliation'));
  });
  stack.use(
    new ReconciliationQueue({
      redis: store.redis,
      connectReader: () => connectReader(service.REDIS_URL, 'paycools-reconciliation'),
      prefix: service.QUEUE_PREFIX,
      schedule: service.RECONCILE_SCHEDULE,
      timeZone: settings.merchant?.PAYCOOLS_TIME_ZONE ?? DEFAULT_TIME_ZONE,
      merchants: () => merchants.names.filter((name) => merchants.settingsOf(name)?.PAYCOOLS_PRIVATE_KEY != null),
      run,
      onError: (err) => logger.debug({ err }, 'reconciliation'),
    }),
  );
};
