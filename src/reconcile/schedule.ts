import { type DayWindow, dayOf } from '../core/day.ts';
import { HOUR_MS } from '../core/time.ts';
import { IncompleteRunError } from './errors.ts';
import type { Report } from './report.ts';

type Lookback = {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly lookbackHours: number;
  /** Time zone of the merchant. */
  readonly timeZone: string;
};

/** The days that a scheduled run covers: from the day on which the lookback begins until today. */
export const scheduledWindow = ({ now, lookbackHours, timeZone }: Lookback): DayWindow => ({
  from: dayOf(now - lookbackHours * HOUR_MS, timeZone),
  to: dayOf(now, timeZone),
});

/**
 * Fails a scheduled run that could not read a page of a statement, so that it is retried soon. Left-out queries wait
 * for the next run.
 *
 * @throws IncompleteRunError
 */
export const failIfPagesUnread = ({ leftOut }: Report): void => {
  const pages = leftOut.filter(({ what }) => / statement, /.test(what));
  if (pages.length > 0) throw new IncompleteRunError(pages);
};
