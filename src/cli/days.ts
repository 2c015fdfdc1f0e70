import { addDays, type DayWindow, dayOf, isDay } from '../core/day.ts';
import { WindowError } from '../reconcile/errors.ts';
import { checkWindow } from '../reconcile/run.ts';
import { UsageError } from './io.ts';

const AGO = /^(\d{1,4})d$/;

/**
 * Parses a day: `yyyy-MM-dd`, `today`, `yesterday`, or `3d` for three days ago.
 *
 * @throws UsageError
 */
const readDay = (option: string, text: string, today: string): string => {
  if (text === 'today') return today;
  if (text === 'yesterday') return addDays(today, -1);
  const ago = AGO.exec(text)?.[1];
  if (ago !== undefined) return addDays(today, -Number(ago));
  if (isDay(text)) return text;
  throw new UsageError(`${option} ${text} is not a day: write yyyy-MM-dd, today, yesterday, or 3d for three days ago`);
};

type WindowOptions = {
  readonly from: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly timeZone: string;
  readonly retentionDays: number;
};

/**
 * Parses `--from` and `--to` in the merchant's time zone.
 *
 * @throws UsageError if one is not a day, or these days cannot be reconciled
 */
export const readWindow = ({ from, to, now, timeZone, retentionDays }: WindowOptions): DayWindow => {
  const today = dayOf(now, timeZone);
  const window = { from: readDay('--from', from, today), to: readDay('--to', to, today) };
  try {
    return checkWindow(window, today, retentionDays);
  } catch (error) {
    throw error instanceof WindowError ? new UsageError(error.message) : error;
  }
};
