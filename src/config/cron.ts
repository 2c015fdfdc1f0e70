import { fail, ok, type Result } from '../core/result.ts';

/** Smallest and largest number of each field: minute, hour, day of month, month, day of week. */
const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

const PART = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/;

const isPart = (part: string, [min, max]: readonly [number, number]): boolean => {
  const match = PART.exec(part);
  if (match === null) return false;
  const [, first = String(min), last = first, step = '1'] = match;
  return Number(first) >= min && Number(last) <= max && Number(first) <= Number(last) && Number(step) > 0;
};

/** Reads a cron expression of five fields; empty for none. */
export const parseCron = (text: string): Result<string, string> => {
  if (text.trim() === '') return ok('');
  const fields = text.trim().split(/\s+/);
  const isCron =
    fields.length === FIELDS.length &&
    FIELDS.every((range, index) => (fields[index] ?? '').split(',').every((part) => isPart(part, range)));
  return isCron ? ok(fields.join(' ')) : fail('must be five cron fields, such as 15 3 * * * (at 03:15 each day)');
};
