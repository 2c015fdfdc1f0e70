import type { OutcomeLabel } from './outcome.ts';

/** How many callbacks of one minute had each outcome. */
export type MinuteCounts = {
  /** Start of the minute; milliseconds since 1970. */
  readonly minute: number;
  readonly counts: Readonly<Partial<Record<OutcomeLabel, number>>>;
};

export type HourCounts = {
  /** The last 60 minutes, oldest first, including the current one. */
  readonly minutes: readonly MinuteCounts[];
  /** Whether all replicas are included: while Redis is unavailable, only this replica's counts are known. */
  readonly isComplete: boolean;
};

/** Outcomes of callbacks per minute, on all replicas. Counting never delays or fails a callback. */
export interface OutcomeCounts {
  /** @param at milliseconds since 1970 */
  count(outcome: OutcomeLabel, at: number): void;
  /** @param now milliseconds since 1970 */
  lastHour(now: number): Promise<HourCounts>;
}
