import type { DayWindow } from '../core/day.ts';
import type { FindingEvent } from '../core/event.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { LedgerReader, Merchant } from '../receive/ports.ts';
import type { Provider, RunName, RunStore } from './ports.ts';

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
    readonly now: () => number;
  };
  readonly provider: Provider;
  readonly merchant: Merchant;
  readonly name: RunName;
  readonly window: DayWindow;
  readonly apply: boolean;
  readonly depth: Depth;
  /** When the run began, also where it was resumed. Milliseconds since 1970. */
  readonly startedAt: number;
  readonly stuckAfterMs: number;
  readonly absentAfterMs: number;
};

/** What one page brings, until it is kept. */
export type Tally = {
  rows: number;
  matched: number;
  emitted: number;
  unanswered: number;
  readonly seen: Map<string, string>;
  readonly findings: FindingEvent[];
};

export const emptyTally = (): Tally => ({
  rows: 0,
  matched: 0,
  emitted: 0,
  unanswered: 0,
  seen: new Map(),
  findings: [],
});

/** What this run has noted of the keys, on this page or an earlier one. */
export const notesOf = async (
  { ports, name }: RunContext,
  { seen }: Tally,
  keys: readonly string[],
): Promise<readonly (string | null)[]> => {
  if (keys.length === 0) return [];
  const kept = await ports.store.seen(name, keys);
  return keys.map((key, index) => seen.get(key) ?? kept[index] ?? null);
};
