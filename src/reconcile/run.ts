import type { PaycoolsClient } from '../client/create-paycools-client.ts';
import { addDays, type DayWindow, dayOf, daysOf, isDay } from '../core/day.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { LedgerReader, Merchant } from '../receive/ports.ts';
import { ReconciliationBusyError, WindowError } from './errors.ts';
import { createPace, type PaceOptions } from './pace.ts';
import { createPaycoolsProvider } from './paycools-provider.ts';
import type { Progress, RunLock, RunStore } from './ports.ts';
import { type Report, reportedFinding } from './report.ts';
import type { Depth, RunContext } from './run-context.ts';
import { type RunProgress, stepsOf, walk } from './walk.ts';

/** What a reconciliation needs from outside. */
export type ReconcilePorts = DeliverPorts &
  Pick<PaceOptions, 'now' | 'sleep'> & {
    readonly reader: LedgerReader;
    readonly store: RunStore;
    readonly lock: RunLock;
    /** How long the ledger remembers, in days: what is older would be taken for missing. */
    readonly retentionDays: number;
  };

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

const NOTHING = { step: 0, cursor: null, rows: 0, matched: 0, emitted: 0, unanswered: 0, findings: {} } as const;

/** Days that have not begun are left out; days that the ledger has forgotten are refused. */
const checkWindow = ({ from, to }: DayWindow, today: string, retentionDays: number): DayWindow => {
  if (!isDay(from) || !isDay(to)) throw new WindowError('the days must be written yyyy-MM-dd');
  if (from > to) throw new WindowError('the first day is after the last');
  const earliest = addDays(today, 1 - retentionDays);
  if (from < earliest) {
    throw new WindowError(`the ledger remembers ${retentionDays} days: the first day must not be before ${earliest}`);
  }
  return { from, to: to < today ? to : today };
};

const reportOf = async (context: RunContext, progress: Progress): Promise<Report> => {
  const { ports, merchant, window, apply, name } = context;
  const findings = await ports.store.findings(name);
  return {
    merchant: merchant.name,
    window: { ...window, timeZone: merchant.timeZone },
    apply,
    startedAt: new Date(progress.startedAt).toISOString(),
    finishedAt: new Date(ports.now()).toISOString(),
    rows: progress.rows,
    matched: progress.matched,
    emitted: progress.emitted,
    unanswered: progress.unanswered,
    counts: progress.findings,
    findings: findings.map(reportedFinding),
  };
};

const runWithin = async (ports: ReconcilePorts, request: ReconcileRequest, signal: AbortSignal): Promise<Report> => {
  const { merchant, client, apply = false, depth = 'full', onProgress } = request;
  const window = checkWindow(request.window, dayOf(ports.now(), merchant.timeZone), ports.retentionDays);
  const name = {
    merchant: merchant.name,
    run: `${window.from}:${window.to}:${apply ? 'apply' : 'dry'}:${depth}`,
  };
  const begun: Progress = (await ports.store.load(name)) ?? { ...NOTHING, startedAt: ports.now() };
  const { requestsPerSecond = DEFAULT_RATE, stuckAfterMs = DAY_MS, absentAfterMs = HOUR_MS } = request;
  const pace = createPace({ ...ports, requestsPerSecond, signal });
  const context: RunContext = {
    ports,
    provider: createPaycoolsProvider({ client, pace, signal }),
    merchant,
    name,
    window,
    apply,
    depth,
    startedAt: begun.startedAt,
    stuckAfterMs,
    absentAfterMs,
  };
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
 * A killed run continues where it stopped when the same window is asked for again within a day.
 *
 * @throws WindowError where the window cannot be reconciled
 * @throws ReconciliationBusyError while another run of this merchant is active
 * @throws PaycoolsError where a statement cannot be read; the next run continues there
 * @see PAYCOOLS.md 10
 */
export const reconcile = async (ports: ReconcilePorts, request: ReconcileRequest): Promise<Report> => {
  const lease = await ports.lock.acquire(request.merchant.name);
  if (lease === null) throw new ReconciliationBusyError(request.merchant.name);
  await using held = lease;
  return await runWithin(ports, request, AbortSignal.any([held.signal, request.signal ?? NEVER]));
};
