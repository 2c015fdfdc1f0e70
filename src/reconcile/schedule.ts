import { type DayWindow, dayOf } from '../core/day.ts';
import { HOUR_MS } from '../core/time.ts';

/** When it is, and how far a scheduled run looks back. */
type Lookback = {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly lookbackHours: number;
  /** Zone of the merchant. */
  readonly timeZone: string;
};

/** The days that a scheduled run covers: from the one in which the lookback begins to today. */
export const scheduledWindow = ({ now, lookbackHours, timeZone }: Lookback): DayWindow => ({
  from: dayOf(now - lookbackHours * HOUR_MS, timeZone),
  to: dayOf(now, timeZone),
});
