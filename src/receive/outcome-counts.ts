import type { OutcomeLabel } from './outcome.ts';

/** How many callbacks of one minute ended how. */
export type MinuteCounts = {
  /** When the minute began; milliseconds since 1970. */
  readonly minute: number;
  readonly counts: Readonly<Partial<Record<OutcomeLabel, number>>>;
};

export type HourCounts = {
  /** The last 60 minutes, oldest first, the present one included. */
  readonly minutes: readonly MinuteCounts[];
  /** Whether those of all replicas are in it: false while Redis is away, when only this one's are known. */
  readonly isComplete: boolean;
};

/** How callbacks end, minute by minute, on all replicas. Counting never makes a callback wait or fail. */
export interface OutcomeCounts {
  /** @param at milliseconds since 1970 */
  note(outcome: OutcomeLabel, at: number): void;
  /** @param now milliseconds since 1970 */
  lastHour(now: number): Promise<HourCounts>;
}
