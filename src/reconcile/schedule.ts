import { type DayWindow, dayOf } from '../core/day.ts';
import { HOUR_MS } from '../core/time.ts';
import { IncompleteRunError } from './errors.ts';
import type { Report } from './report.ts';

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

/**
 * Fails a scheduled run that could not read a page of a statement, so that it is tried again soon. A query that was left
 * out waits for the next run.
 *
 * @throws IncompleteRunError
 */
export const failWhereUnread = ({ leftOut }: Report): void => {
  const pages = leftOut.filter(({ what }) => / statement, /.test(what));
  if (pages.length > 0) throw new IncompleteRunError(pages);
};
