import type { PaycoolsClient } from '../client/index.ts';
import { addDays, type DayWindow, dayOf, daysOf, isDay } from '../core/day.ts';
import { opaqueId } from '../core/event-id.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { ReconciliationBusyError, WindowError } from './errors.ts';
import { createPace, type PaceOptions } from './pace.ts';
import { createPaycoolsProvider } from './paycools-provider.ts';
import type { Progress, RunLock, RunName } from './ports.ts';
import { type Report, reportedFinding } from './report.ts';
import { noCounts, type RunContext, type RunPorts, type RunSettings } from './run-context.ts';
import { planSteps, type RunProgress, runSteps } from './steps.ts';

/** The ports that a reconciliation needs. */
export type ReconcilePorts = RunPorts & Pick<PaceOptions, 'sleep'> & { readonly lock: RunLock };

/** What to reconcile. */
export type ReconcileRequest = Pick<RunSettings, 'merchant' | 'window'> &
  Partial<Omit<RunSettings, 'merchant' | 'window'>> & {
    readonly client: PaycoolsClient;
    /** Interrupts the run; the next one with the same window, depth and `apply` resumes it. */
    readonly signal?: AbortSignal;
    /** Called after each page. */
    readonly onProgress?: (progress: RunProgress) => void;
  };

const DEFAULTS = {
  apply: false,
  depth: 'full',
  requestsPerSecond: 5,
  refundBudget: 500,
  stuckAfterMs: DAY_MS,
  absentAfterMs: HOUR_MS,
} as const;

const NEVER_ABORTED = new AbortController().signal;

/** Maximum attempts per page, list or query. The client's own retries count as one attempt. */
const MAX_ATTEMPTS = 3;

/** Enough concurrent requests to keep the rate up while replies take this long, in seconds. */
const MAX_REPLY_S = 4;
const MAX_CONCURRENCY = 64;

const NO_PROGRESS: Omit<Progress, 'startedAt'> = { ...noCounts, step: 0, cursor: null, findings: {}, leftOut: [] };

/**
 * Cuts off days in the future and refuses days that the ledger no longer covers.
 *
 * @throws WindowError
 */
export const checkWindow = ({ from, to }: DayWindow, today: string, retentionDays: number): DayWindow => {
  if (!isDay(from) || !isDay(to)) throw new WindowError('the days must be written yyyy-MM-dd');
  if (from > to) throw new WindowError('the first day is after the last');
  if (from > today) throw new WindowError(`the first day is in the future: today is ${today}`);
  const earliest = addDays(today, 1 - retentionDays);
  if (from < earliest) {
    throw new WindowError(`the ledger covers ${retentionDays} days: the first day must not be before ${earliest}`);
  }
  return { from, to: to < today ? to : today };
};

const buildReport = async (context: RunContext, progress: Progress): Promise<Report> => {
  const { ports, merchant, window, apply, name, id, refundBudget } = context;
  const [events, findings] = await Promise.all([ports.store.events(name), ports.store.findings(name)]);
  const { startedAt, refundRequests, findings: counts, leftOut, step: _step, cursor: _cursor, ...numbers } = progress;
  return {
    id,
    merchant: merchant.name,
    window: { ...window, timeZone: merchant.timeZone },
    apply,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(ports.now()).toISOString(),
    incomplete: leftOut.length > 0,
    ...numbers,
    refunds: { requests: refundRequests, budget: refundBudget },
    counts,
    leftOut,
    events,
    findings: findings.map(reportedFinding),
  };
};

const RUN_ID_DIGITS = 12;

/** A resumed run keeps its id. */
const runId = ({ merchant, run }: RunName, startedAt: number): string =>
  `run_${opaqueId(`${merchant} ${run} ${startedAt}`).slice(0, RUN_ID_DIGITS)}`;

const run = async (ports: ReconcilePorts, request: ReconcileRequest, signal: AbortSignal): Promise<Report> => {
  const settings = { ...DEFAULTS, ...request };
  const { merchant, client, apply, depth, requestsPerSecond, onProgress = () => {} } = settings;
  const window = checkWindow(request.window, dayOf(ports.now(), merchant.timeZone), ports.retentionDays);
  const name = {
    merchant: merchant.name,
    run: `${window.from}:${window.to}:${apply ? 'apply' : 'dry'}:${depth}`,
  };
  const start: Progress = { ...NO_PROGRESS, startedAt: ports.now(), ...(await ports.store.load(name)) };
  const pace = createPace({ ...ports, requestsPerSecond, signal });
  const context: RunContext = {
    ...settings,
    window,
    ports,
    provider: createPaycoolsProvider({ client, pace, signal, now: ports.now, maxAttempts: MAX_ATTEMPTS }),
    name,
    id: runId(name, start.startedAt),
    concurrency: Math.min(MAX_CONCURRENCY, MAX_REPLY_S * requestsPerSecond),
    startedAt: start.startedAt,
  };
  const progress = await runSteps(context, planSteps(daysOf(window)), { start, signal, onProgress });
  const report = await buildReport(context, progress);
  await ports.store.finish(name, report);
  return report;
};

/**
 * Compares what PayCools reports for a window of days with what was received. With `apply`, emits missing events, with
 * the ids that their callbacks would have given them, and puts disagreements on the queue of findings.
 *
 * Rows, pages and queries that cannot be read are left out and reported; the run continues. An interrupted run resumes
 * if the same window is reconciled again, with the same depth and `apply`, within a day.
 *
 * @throws WindowError if the window cannot be reconciled
 * @throws ReconciliationBusyError while another run of this merchant is active
 * @throws PaycoolsError if PayCools refuses access or cannot be reached before it has answered anything
 * @see docs/paycools.md 10
 */
export const reconcile = async (ports: ReconcilePorts, request: ReconcileRequest): Promise<Report> => {
  const lease = await ports.lock.acquire(request.merchant.name);
  if (lease === null) throw new ReconciliationBusyError(request.merchant.name);
  await using held = lease;
  return await run(ports, request, AbortSignal.any([held.signal, request.signal ?? NEVER_ABORTED]));
};
