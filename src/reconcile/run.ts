import type { PaycoolsClient } from '../client/index.ts';
import { addDays, type DayWindow, dayOf, daysOf, isDay } from '../core/day.ts';
import { opaqueId } from '../core/event-id.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import type { Merchant } from '../receive/ports.ts';
import { ReconciliationBusyError, WindowError } from './errors.ts';
import { createPace, type PaceOptions } from './pace.ts';
import { createPaycoolsProvider } from './paycools-provider.ts';
import type { Progress, RunLock, RunName } from './ports.ts';
import { type Report, reportedFinding } from './report.ts';
import { type Depth, noCounts, type RunContext, type RunPorts } from './run-context.ts';
import { type RunProgress, stepsOf, walk } from './walk.ts';

/** What a reconciliation needs from outside. */
export type ReconcilePorts = RunPorts & Pick<PaceOptions, 'sleep'> & { readonly lock: RunLock };

/** What is to be reconciled. */
export type ReconcileRequest = {
  readonly merchant: Merchant;
  readonly client: PaycoolsClient;
  /** Days in the zone of PayCools, both included. */
  readonly window: DayWindow;
  /** Whether events and findings are put on their queues. Default false: nothing is changed. */
  readonly apply?: boolean;
  /** Default `full`. */
  readonly depth?: Depth;
  /** Default 5. */
  readonly requestsPerSecond?: number;
  /** Requests for refunds of payments before the window. Default 500. */
  readonly refundBudget?: number;
  /** How long a transaction may be pending, in milliseconds. Default a day. */
  readonly stuckAfterMs?: number;
  /** For how long PayCools must have said that it does not know something, in milliseconds. Default an hour. */
  readonly absentAfterMs?: number;
  /** Ends the run; the next run of the same window continues where it stopped. */
  readonly signal?: AbortSignal;
  /** Called after each page. */
  readonly onProgress?: (progress: RunProgress) => void;
};

const DEFAULT_RATE = 5;
const NEVER = new AbortController().signal;

const DEFAULT_REFUND_BUDGET = 500;

/** How often a page, list or query is asked for, beside the repeats of the client. */
const TRIES = 3;

/** For how many seconds requests may be on their way: replies of this age do not slow a run below its rate. */
const IN_FLIGHT_S = 4;
const MOST_IN_FLIGHT = 64;

const NOTHING: Omit<Progress, 'startedAt'> = { ...noCounts, step: 0, cursor: null, findings: {}, leftOut: [] };

/**
 * Days that have not begun are left out; days that the ledger has forgotten are refused.
 *
 * @throws WindowError
 */
export const checkWindow = ({ from, to }: DayWindow, today: string, retentionDays: number): DayWindow => {
  if (!isDay(from) || !isDay(to)) throw new WindowError('the days must be written yyyy-MM-dd');
  if (from > to) throw new WindowError('the first day is after the last');
  if (from > today) throw new WindowError(`the first day is in the future: today is ${today}`);
  const earliest = addDays(today, 1 - retentionDays);
  if (from < earliest) {
    throw new WindowError(`the ledger remembers ${retentionDays} days: the first day must not be before ${earliest}`);
  }
  return { from, to: to < today ? to : today };
};

const reportOf = async (context: RunContext, progress: Progress): Promise<Report> => {
  const { ports, merchant, window, apply, name, id, refundBudget } = context;
  const [events, findings] = await Promise.all([ports.store.events(name), ports.store.findings(name)]);
  const { startedAt, rows, matched, emitted, unreadable, unanswered, passes, resolved, leftOut } = progress;
  return {
    id,
    merchant: merchant.name,
    window: { ...window, timeZone: merchant.timeZone },
    apply,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(ports.now()).toISOString(),
    incomplete: leftOut.length > 0,
    rows,
    matched,
    emitted,
    unreadable,
    unanswered,
    passes,
    refunds: { requests: progress.refundRequests, budget: refundBudget },
    resolved,
    counts: progress.findings,
    leftOut,
    events,
    findings: findings.map(reportedFinding),
  };
};

const RUN_ID_DIGITS = 12;

/** The same for a run that is resumed. */
const runId = ({ merchant, run }: RunName, startedAt: number): string =>
  `run_${opaqueId(`${merchant} ${run} ${startedAt}`).slice(0, RUN_ID_DIGITS)}`;

const contextOf = (ports: ReconcilePorts, request: ReconcileRequest, given: Begun): RunContext => {
  const { merchant, client, apply = false, depth = 'full', requestsPerSecond = DEFAULT_RATE } = request;
  const { stuckAfterMs = DAY_MS, absentAfterMs = HOUR_MS, refundBudget = DEFAULT_REFUND_BUDGET } = request;
  const { signal, startedAt, ...run } = given;
  const pace = createPace({ ...ports, requestsPerSecond, signal });
  return {
    ...run,
    ports,
    provider: createPaycoolsProvider({ client, pace, signal, now: ports.now, tries: TRIES }),
    merchant,
    id: runId(run.name, startedAt),
    apply,
    depth,
    requestsPerSecond,
    inFlight: Math.min(MOST_IN_FLIGHT, IN_FLIGHT_S * requestsPerSecond),
    refundBudget,
    startedAt,
    stuckAfterMs,
    absentAfterMs,
  };
};

type Begun = Pick<RunContext, 'name' | 'window' | 'startedAt'> & { readonly signal: AbortSignal };

const runWithin = async (ports: ReconcilePorts, request: ReconcileRequest, signal: AbortSignal): Promise<Report> => {
  const { merchant, apply = false, depth = 'full', onProgress } = request;
  const window = checkWindow(request.window, dayOf(ports.now(), merchant.timeZone), ports.retentionDays);
  const name = {
    merchant: merchant.name,
    run: `${window.from}:${window.to}:${apply ? 'apply' : 'dry'}:${depth}`,
  };
  const begun: Progress = { ...NOTHING, startedAt: ports.now(), ...(await ports.store.load(name)) };
  const context = contextOf(ports, request, { name, window, startedAt: begun.startedAt, signal });
  const steps = stepsOf(daysOf(window));
  const ended = await walk(context, steps, { begun, signal, onProgress: onProgress ?? (() => {}) });
  const report = await reportOf(context, ended);
  await ports.store.finish(name, report);
  return report;
};

/**
 * Compares what PayCools reports for a window of days with what was received, and (with `apply`) emits what is
 * missing: as ordinary events, with the ids that their callbacks would have had. What disagrees becomes findings.
 *
 * Rows, pages and queries that cannot be read are left out and reported; the rest is done. A killed run continues where it
 * stopped when the same window is asked for again within a day.
 *
 * @throws WindowError where the window cannot be reconciled
 * @throws ReconciliationBusyError while another run of this merchant is active
 * @throws PaycoolsError where PayCools refuses or cannot be reached before it answered anything
 * @see PAYCOOLS.md 10
 */
export const reconcile = async (ports: ReconcilePorts, request: ReconcileRequest): Promise<Report> => {
  const lease = await ports.lock.acquire(request.merchant.name);
  if (lease === null) throw new ReconciliationBusyError(request.merchant.name);
  await using held = lease;
  return await runWithin(ports, request, AbortSignal.any([held.signal, request.signal ?? NEVER]));
};
