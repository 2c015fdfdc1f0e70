/** Milliseconds. */
export const HOUR_MS = 60 * 60 * 1000;
/** Milliseconds of a day of 24 hours. */
export const DAY_MS = 24 * HOUR_MS;

const PAYCOOLS_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3})\d*)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?$/;

const OFFSET_BUCKET_MS = 15 * 60_000; // zones change their offset at quarters of an hour only
const MAX_CACHED_OFFSETS = 1024;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

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

/** How far the zone is ahead of UTC at an instant, in milliseconds. Remembered, because asking Intl is slow. */
export const offsetAt = (timeZone: string, instant: number): number => {
  const key = `${timeZone} ${Math.floor(instant / OFFSET_BUCKET_MS)}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const part = formatOf(timeZone)
      .formatToParts(instant)
      .find(({ type }) => type === 'timeZoneName');
    offset = parseOffset(part?.value ?? '');
    if (offsets.size >= MAX_CACHED_OFFSETS) offsets.clear();
    offsets.set(key, offset);
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
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, Number((match[7] ?? '0').padEnd(3, '0')));
  const read = new Date(wall);
  const isReal =
    read.getUTCMonth() === month - 1 && read.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) return null;
  const offset = match[8] === undefined ? wallOffset(timeZone, wall) : parseOffset(match[8]);
  return new Date(wall - offset).toISOString();
};

/** The offset that a wall clock time has: guessed at the time read as UTC, then corrected once across a change of it. */
const wallOffset = (timeZone: string, wall: number): number => offsetAt(timeZone, wall - offsetAt(timeZone, wall));
