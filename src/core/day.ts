import { DAY_MS, offsetAt } from './time.ts';

/** The first and the last of some calendar days, both included, as `yyyy-MM-dd`. */
export type DayWindow = { readonly from: string; readonly to: string };

const DAY_LENGTH = 'yyyy-MM-dd'.length;

const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, DAY_LENGTH);

/** The calendar day of an instant (milliseconds since 1970) on the wall clock of a zone, as `yyyy-MM-dd`. */
export const dayOf = (instant: number, timeZone: string): string => textOf(instant + offsetAt(timeZone, instant));

/** Whether the text is a day of the calendar, `yyyy-MM-dd`. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && textOf(Date.parse(text)) === text;

/** The day that many days later, or earlier where the number is negative. */
export const addDays = (day: string, days: number): string => textOf(Date.parse(day) + days * DAY_MS);

/** Every day of the window, the first one first. */
export const daysOf = ({ from, to }: DayWindow): readonly string[] => {
  const days: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
};
