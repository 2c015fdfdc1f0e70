import type { DayWindow } from '../core/day.ts';
import type { FindingEvent, PaymentEvent } from '../core/event.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { LedgerReader, Merchant } from '../receive/ports.ts';
import { mapInFlight } from './in-flight.ts';
import type { EmissionLog, OpenFindings, Provider, RunName, RunStore } from './ports.ts';
import type { Counts, LeftOut } from './report.ts';

/**
 * How far a run looks. `full` asks for the refunds of each payment and for the payments of each known code or account;
 * `statements` only for what the statements leave open.
 */
export type Depth = 'full' | 'statements';

/** What the steps of a run need from outside. */
export type RunPorts = DeliverPorts & {
  readonly reader: LedgerReader;
  readonly store: RunStore;
  readonly emissions: EmissionLog;
  readonly openFindings: OpenFindings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long the ledger remembers, in days: what is older would be taken for missing. */
  readonly retentionDays: number;
};

/** What a run is made of, as all its steps need it. */
export type RunContext = {
  readonly ports: RunPorts;
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

export const noCounts: Counts = {
  rows: 0,
  matched: 0,
  emitted: 0,
  unreadable: 0,
  unanswered: 0,
  passes: 0,
  refundRequests: 0,
  resolved: 0,
};

const countNames = Object.keys(noCounts) as readonly (keyof Counts)[];

export const sumCounts = (one: Counts, other: Counts): Counts => {
  const sum: Writable<Counts> = { ...noCounts };
  for (const name of countNames) sum[name] = one[name] + other[name];
  return sum;
};

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** What one page of a step brings, until it is stored. */
export type Tally = Writable<Counts> & {
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
const addTally = (whole: Tally, part: Tally): void => {
  Object.assign(whole, sumCounts(whole, part));
  whole.findings.push(...part.findings);
  whole.events.push(...part.events);
  whole.leftOut.push(...part.leftOut);
};

/** Notes what was left out because PayCools did not answer. */
export const leaveOut = (tally: Tally, leftOut: LeftOut): void => {
  tally.unanswered += 1;
  tally.leftOut.push(leftOut);
};

/**
 * Does something with each item, several at a time.
 *
 * @param perform counts in a tally of its own, so that the page's has the items in their order
 */
export const tallyEach = async <Item, Value>(
  { inFlight }: RunContext,
  whole: Tally,
  items: readonly Item[],
  perform: (item: Item, tally: Tally, index: number) => Promise<Value>,
): Promise<readonly Value[]> => {
  const done = await mapInFlight(items, inFlight, async (item, index) => {
    const tally = emptyTally(whole.seen);
    return { tally, value: await perform(item, tally, index) };
  });
  for (const { tally } of done) addTally(whole, tally);
  return done.map(({ value }) => value);
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
