import type { OutcomeLabel } from './outcome.ts';

/** Callbacks of one minute by outcome. */
export type MinuteCounts = {
  /** When the minute began; milliseconds since 1970. */
  readonly minute: number;
  readonly counts: Readonly<Partial<Record<OutcomeLabel, number>>>;
};

export type HourCounts = {
  /** The last 60 minutes, oldest first, including the current one. */
  readonly minutes: readonly MinuteCounts[];
  /** Whether all replicas are included: false while Redis is unavailable, when only this replica's counts are known. */
  readonly isComplete: boolean;
};

/** Outcomes of callbacks per minute, on all replicas. Counting never makes a callback wait or fail. */
export interface OutcomeCounts {
  /** @param at milliseconds since 1970 */
  note(outcome: OutcomeLabel, at: number): void;
  /** @param now milliseconds since 1970 */
  lastHour(now: number): Promise<HourCounts>;
}
