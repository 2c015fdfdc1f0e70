import type { CallReport } from '../client/settings.ts';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { DEFAULT_TIME_ZONE } from '../core/time.ts';
import { consoleLink, paymentLink } from '../observe/console-link.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Registry } from '../products/registry.ts';
import { IncompleteRunError } from '../reconcile/errors.ts';
import { type Report, summarizeReport } from '../reconcile/report.ts';
import { failIfPagesUnread, scheduledWindow } from '../reconcile/schedule.ts';
import { connectReader } from '../redis/connection/connection.ts';
import type { JournalWriter } from '../redis/journal/journal-writer.ts';
import { ReconciliationQueue } from '../redis/queue/reconciliation-queue.ts';
import { RedisRunStore } from '../redis/reconcile/run-store.ts';
import type { ServiceContext } from './context.ts';
import { createReconciler, type Reconciler } from './reconciler.ts';
import type { Store } from './store.ts';

export type ReconciliationOptions = ServiceContext & {
  readonly registry: Registry;
  readonly merchants: MerchantDirectory;
  readonly store: Store;
  readonly journal: JournalWriter;
  /** IANA time zone of RECONCILE_SCHEDULE. */
  readonly timeZone: string;
};

/** Counts and times calls to PayCools. */
export const observeClient =
  (metrics: Metrics) =>
  ({ endpoint, outcome, durationMs }: CallReport): void => {
    metrics.clientRequests.inc({ endpoint, outcome });
    metrics.clientDuration.observe(durationMs / 1000);
  };

const countReport = (metrics: Metrics, { incomplete, emitted, counts }: Report, now: number): void => {
  metrics.reconciliationRuns.inc({ outcome: incomplete ? 'incomplete' : 'succeeded' });
  if (!incomplete) metrics.reconciliationLastSuccess.set(now / 1000);
  metrics.reconciliationEmitted.inc(emitted);
  for (const [kind, count] of Object.entries(counts)) metrics.reconciliationFindings.inc({ kind }, count);
};

/** Logs one line for the run, one for each emitted event and one for each finding. */
const logReport = (logger: Logger, consoleUrl: string, report: Report): void => {
  const { id: run, merchant, events, findings } = report;
  for (const event of events) logger.info({ run, merchant, ...event }, 'reconciliation emitted an event');
  for (const { recorded: _recorded, received: _received, ...finding } of findings) {
    const link = paymentLink(consoleUrl, finding.transactionId ?? finding.merchantOrderId);
    logger.warn({ run, merchant, ...finding, link }, 'reconciliation found a disagreement');
  }
  const link = consoleLink(consoleUrl, '/reconciliation');
  if (report.incomplete)
    logger.warn({ ...summarizeReport(report), link }, 'reconciled, but not everything could be read');
  else logger.info(summarizeReport(report), 'reconciled');
};

/** Restores the time of the last successful run, of any replica: one that has just started has had none. */
const restoreLastSuccess = async ({ settings, store, merchants, metrics }: ReconciliationOptions): Promise<void> => {
  const runs = new RedisRunStore({ redis: store.redis, prefix: settings.QUEUE_PREFIX });
  const reports = await Promise.all(merchants.names.map((name) => runs.reports(name)));
  const complete = reports.flat().filter(({ apply, incomplete }) => apply && !incomplete);
  const times = complete.map(({ finishedAt }) => Date.parse(finishedAt));
  if (times.length > 0) metrics.reconciliationLastSuccess.set(Math.max(...times) / 1000);
};

/** Reconciles the days of a scheduled run, counts and logs the report, and fails if pages could not be read. */
const runWith =
  ({ settings, logger, metrics, merchants, now }: ReconciliationOptions, reconcile: Reconciler) =>
  async (merchant: string, signal: AbortSignal): Promise<unknown> => {
    const timeZone = merchants.find(merchant)?.timeZone ?? DEFAULT_TIME_ZONE;
    const window = scheduledWindow({ now: now(), lookbackHours: settings.RECONCILE_LOOKBACK_HOURS, timeZone });
    try {
      const report = await reconcile({ merchant, window, apply: true, signal });
      countReport(metrics, report, now());
      logReport(logger, settings.CONSOLE_URL, report);
      failIfPagesUnread(report);
      return summarizeReport(report);
    } catch (err) {
      if (err instanceof IncompleteRunError) throw err; // counted and logged above
      metrics.reconciliationRuns.inc({ outcome: 'failed' });
      logger.error({ err, merchant }, 'the reconciliation failed; the next attempt resumes where it stopped');
      throw err;
    }
  };

/** Reconciles on schedule, on one replica; failures are retried, logged and counted. */
export const openReconciliation = (stack: AsyncDisposableStack, options: ReconciliationOptions): void => {
  const { settings, logger, metrics, merchants, store } = options;
  const onError = (err: unknown): void => logger.debug({ err }, 'reconciliation');
  const observe = observeClient(metrics);
  const reconcile = createReconciler(stack, { ...options, ...store, onError, observe });
  store.redis.once('ready', () => {
    restoreLastSuccess(options).catch(onError);
  });
  stack.use(
    new ReconciliationQueue({
      redis: store.redis,
      connectReader: () => connectReader(settings.REDIS_URL, 'paycools-reconciliation'),
      prefix: settings.QUEUE_PREFIX,
      schedule: settings.RECONCILE_SCHEDULE,
      timeZone: options.timeZone,
      merchants: () => merchants.names.filter((name) => merchants.settingsOf(name)?.PAYCOOLS_PRIVATE_KEY != null),
      run: runWith(options, reconcile),
      onError,
    }),
  );
};
