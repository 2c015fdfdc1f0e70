import { DAY_MS, offsetAt } from './time.ts';

/** A range of calendar days, both ends included, as `yyyy-MM-dd`. */
export type DayWindow = { readonly from: string; readonly to: string };

const DAY_LENGTH = 'yyyy-MM-dd'.length;

const formatDay = (ms: number): string => new Date(ms).toISOString().slice(0, DAY_LENGTH);

/** The calendar day of an instant (milliseconds since 1970) on the wall clock of a zone, as `yyyy-MM-dd`. */
export const dayOf = (instant: number, timeZone: string): string => formatDay(instant + offsetAt(timeZone, instant));

/** Whether a text is a calendar day, `yyyy-MM-dd`. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && formatDay(Date.parse(text)) === text;

/** The day that is `days` later, or earlier if that is negative. */
export const addDays = (day: string, days: number): string => formatDay(Date.parse(day) + days * DAY_MS);

/** Every day of a window, in order. */
export const daysOf = ({ from, to }: DayWindow): readonly string[] => {
  const days: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
};
