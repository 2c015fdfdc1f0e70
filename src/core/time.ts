/** Milliseconds. */
export const HOUR_MS = 60 * 60 * 1000;
/** Milliseconds of a day of 24 hours. */
export const DAY_MS = 24 * HOUR_MS;

const PAYCOOLS_TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3})\d*)?(Z|[+-]\d{2}:?\d{2})?$/;

const OFFSET_BUCKET_MS = 15 * 60_000; // zones change their offset at quarters of an hour only
const MAX_CACHED_OFFSETS = 1024;

const formats = new Map<string, Intl.DateTimeFormat>();
/** By zone, then by the bucket of an instant. */
const offsets = new Map<string, Map<number, number>>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  return format;
};

const parseOffset = (text: string): number => {
  const match = /([+-])(\d{2}):?(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) return 0; // "GMT" and "Z"
  const [, sign, hours, minutes, seconds] = match;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) * 1000;
  return sign === '-' ? -size : size;
};

const readOffset = (timeZone: string, instant: number): number => {
  const parts = formatOf(timeZone).formatToParts(instant);
  return parseOffset(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '');
};

/** How far the zone is ahead of UTC at an instant, in milliseconds. Remembered, because asking Intl is slow. */
export const offsetAt = (timeZone: string, instant: number): number => {
  let known = offsets.get(timeZone);
  if (known === undefined) {
    known = new Map();
    offsets.set(timeZone, known);
  }
  const bucket = Math.floor(instant / OFFSET_BUCKET_MS);
  let offset = known.get(bucket);
  if (offset === undefined) {
    offset = readOffset(timeZone, instant);
    if (known.size >= MAX_CACHED_OFFSETS) known.clear();
    known.set(bucket, offset);
  }
  return offset;
};

/** Whether this runtime knows the name as an IANA time zone. */
export const isTimeZone = (timeZone: string): boolean => {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
};

/**
 * Reads a time as PayCools writes it, `yyyy-MM-dd HH:mm:ss` on the wall clock of `timeZone`, or with an offset of its
 * own, which then counts.
 *
 * @returns ISO 8601 in UTC with milliseconds, or null where the text is no time.
 * @see PAYCOOLS.md 9, Times (https://doc.paycools.com/PaymentCode/RepaymentVerificationAPI.html)
 */
export const parsePaycoolsTime = (text: string, timeZone: string): string | null => {
  const match = PAYCOOLS_TIME.exec(text);
  if (match === null) return null;
  const [year, month, day, hour] = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])];
  const [minute, second] = [Number(match[5]), Number(match[6])];
  const milliseconds = match[7] === undefined ? 0 : Number(match[7].padEnd(3, '0'));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const read = new Date(wall);
  const isReal =
    read.getUTCMonth() === month - 1 && read.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) return null;
  const offset = match[8] === undefined ? wallOffset(timeZone, wall) : parseOffset(match[8]);
  return new Date(wall - offset).toISOString();
};

/** The offset that a wall clock time has: guessed at the time read as UTC, then corrected once across a change of it. */
const wallOffset = (timeZone: string, wall: number): number => offsetAt(timeZone, wall - offsetAt(timeZone, wall));
