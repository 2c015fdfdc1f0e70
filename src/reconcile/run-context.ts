import type { DayWindow } from '../core/day.ts';
import type { FindingEvent, PaymentEvent } from '../core/event.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { LedgerReader, Merchant } from '../receive/ports.ts';
import type { EmissionLog, OpenFindings, Provider, RunName, RunStore } from './ports.ts';
import type { LeftOut } from './report.ts';

/**
 * How far a run looks. `full` asks for the refunds of each payment and for the payments of each known code or account;
 * `statements` only for what the statements leave open.
 */
export type Depth = 'full' | 'statements';

/** What a run is made of, as all its steps need it. */
export type RunContext = {
  readonly ports: DeliverPorts & {
    readonly reader: LedgerReader;
    readonly store: RunStore;
    readonly emissions: EmissionLog;
    readonly openFindings: OpenFindings;
    readonly now: () => number;
    /** How long the ledger remembers, in days. */
    readonly retentionDays: number;
  };
  readonly provider: Provider;
  readonly merchant: Merchant;
  readonly name: RunName;
  /** Id of the run, for people. */
  readonly id: string;
  readonly window: DayWindow;
  readonly apply: boolean;
  readonly depth: Depth;
  readonly requestsPerSecond: number;
  /** Requests in flight at a time. */
  readonly inFlight: number;
  /** Requests for refunds of older payments. */
  readonly refundBudget: number;
  /** When the run began, also where it was resumed. Milliseconds since 1970. */
  readonly startedAt: number;
  readonly stuckAfterMs: number;
  readonly absentAfterMs: number;
};

/** What a run counts. */
export const noCounts = {
  rows: 0,
  matched: 0,
  emitted: 0,
  unreadable: 0,
  unanswered: 0,
  passes: 0,
  refundRequests: 0,
  resolved: 0,
};

type Counts = typeof noCounts;

const countNames = Object.keys(noCounts) as readonly (keyof Counts)[];

export const sumCounts = (one: Readonly<Counts>, other: Readonly<Counts>): Counts => {
  const sum = { ...noCounts };
  for (const name of countNames) sum[name] = one[name] + other[name];
  return sum;
};

/** What one page of a step brings, until it is stored. */
export type Tally = Counts & {
  /** What was seen of each subject, by its key. Shared by the tallies of one page. */
  readonly seen: Map<string, string>;
  readonly findings: FindingEvent[];
  /** What was emitted, or would be. */
  readonly events: PaymentEvent[];
  readonly leftOut: LeftOut[];
};

/** What one page of a step brought, and where the step continues; null at its end. */
export type Page = { readonly tally: Tally; readonly next: string | null };

export const emptyTally = (seen: Tally['seen'] = new Map()): Tally => ({
  ...noCounts,
  seen,
  findings: [],
  events: [],
  leftOut: [],
});

/** Adds what a part of a page brought, whose `seen` is that of the page. */
export const addTally = (whole: Tally, part: Tally): void => {
  Object.assign(whole, sumCounts(whole, part));
  whole.findings.push(...part.findings);
  whole.events.push(...part.events);
  whole.leftOut.push(...part.leftOut);
};

/** What this run has noted of the keys, on this page or an earlier one. */
export const notesOf = async (
  { ports, name }: RunContext,
  { seen }: Tally,
  keys: readonly string[],
): Promise<readonly (string | null)[]> => {
  if (keys.length === 0) return [];
  const stored = await ports.store.seen(name, keys);
  return keys.map((key, index) => seen.get(key) ?? stored[index] ?? null);
};
