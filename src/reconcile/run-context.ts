import type { DayWindow } from '../core/day.ts';
import type { FindingEvent, PaymentEvent } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { LedgerReader, Merchant } from '../receive/ports.ts';
import type { KnownSubject } from './compare.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { EmissionLog, OpenFindings, Provider, RunName, RunStore } from './ports.ts';
import type { Counts, LeftOut } from './report.ts';

/**
 * How much a run queries. `full` also asks for the refunds of each payment and for the payments into each known code or
 * account; `statements` only asks about what the statements leave open.
 */
type Depth = 'full' | 'statements';

/** The ports that the steps of a run need. */
export type RunPorts = DeliverPorts & {
  readonly reader: LedgerReader;
  readonly store: RunStore;
  readonly emissions: EmissionLog;
  readonly openFindings: OpenFindings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long the ledger keeps subjects, in days. Older ones would be reported as missing. */
  readonly retentionDays: number;
};

/** What a run does, and its limits. */
export type RunSettings = {
  readonly merchant: Merchant;
  /** Days in PayCools's time zone, both included. */
  readonly window: DayWindow;
  /** Whether events and findings are enqueued. Default false: a dry run, which changes nothing. */
  readonly apply: boolean;
  /** Default `full`. */
  readonly depth: Depth;
  /** Default 5. */
  readonly requestsPerSecond: number;
  /** Maximum number of refund requests for payments before the window. Default 500. */
  readonly refundBudget: number;
  /** How long a transaction may be pending before it is reported, in milliseconds. Default one day. */
  readonly stuckAfterMs: number;
  /** How long PayCools must not know a subject before it is reported, in milliseconds. Default one hour. */
  readonly absentAfterMs: number;
};

/** What the steps of a run share. */
export type RunContext = RunSettings & {
  readonly ports: RunPorts;
  readonly provider: Provider;
  readonly name: RunName;
  /** Id of the run in logs and reports. */
  readonly id: string;
  /** Maximum number of concurrent requests. */
  readonly concurrency: number;
  /** When the run first started; a resumed run keeps it. Milliseconds since 1970. */
  readonly startedAt: number;
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

/** Collects the results of one page of a step until they are stored. */
export type Tally = Writable<Counts> & {
  /** The state in which each row or list was seen, by its key. Shared by the tallies of one page. */
  readonly seen: Map<string, string>;
  readonly findings: FindingEvent[];
  /** Events that were emitted, or would be in a dry run. */
  readonly events: PaymentEvent[];
  readonly leftOut: LeftOut[];
};

/** The results of one page of a step, and the cursor of the next page; null at the end of the step. */
export type Page = { readonly tally: Tally; readonly next: string | null };

export const emptyTally = (seen: Tally['seen'] = new Map()): Tally => ({
  ...noCounts,
  seen,
  findings: [],
  events: [],
  leftOut: [],
});

/** Adds the results of a part of a page. `seen` is shared, so it needs no merging. */
const addTally = (whole: Tally, part: Tally): void => {
  Object.assign(whole, sumCounts(whole, part));
  whole.findings.push(...part.findings);
  whole.events.push(...part.events);
  whole.leftOut.push(...part.leftOut);
};

/** Records a query or list that was left out because PayCools gave no usable reply. */
export const leaveOut = (tally: Tally, leftOut: LeftOut): void => {
  tally.unanswered += 1;
  tally.leftOut.push(leftOut);
};

/**
 * Performs a task on each item, several at a time.
 *
 * @param perform gets a separate tally for each item; they are merged in the order of the items
 */
export const tallyEach = async <Item, Value>(
  { concurrency }: RunContext,
  whole: Tally,
  items: readonly Item[],
  perform: (item: Item, tally: Tally) => Promise<Value>,
): Promise<readonly Value[]> => {
  const done = await mapConcurrently(items, concurrency, async (item) => {
    const tally = emptyTally(whole.seen);
    return { tally, value: await perform(item, tally) };
  });
  for (const { tally } of done) addTally(whole, tally);
  return done.map(({ value }) => value);
};

/** Those of the keys that this run has seen, on this page or an earlier one, each with its state. */
export const loadSeen = async (
  { ports, name }: RunContext,
  { seen }: Tally,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const stored = await ports.store.seen(name, keys);
  return new Map(
    keys.flatMap((key, index): [string, string][] => {
      const state = seen.get(key) ?? stored[index] ?? null;
      return state === null ? [] : [[key, state]];
    }),
  );
};

/** Those of the subjects that the ledger knows, each with its history. */
export const findKnown = async (
  { ports, merchant }: RunContext,
  subjects: readonly Subject[],
): Promise<readonly KnownSubject[]> => {
  const entries = await ports.reader.find(merchant.name, subjects);
  return subjects.flatMap((subject, index): KnownSubject[] => {
    const entry = entries[index] ?? null;
    return entry === null ? [] : [{ subject, entry }];
  });
};
