export const MINUTE_MS = 60 * 1000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** PayCools's own time zone. */
export const DEFAULT_TIME_ZONE = 'Asia/Manila';

const OFFSET = String.raw`Z|[+-](?:0\d|1[0-4]):?[0-5]\d`;
const PAYCOOLS_TIME = new RegExp(String.raw`^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:${OFFSET})?$`);
const SECONDS_LENGTH = 'yyyy-MM-dd HH:mm:ss'.length;
/** What may follow the seconds: a fraction and an offset. */
const REST = new RegExp(String.raw`(?:\.(\d{1,3})\d*)?(${OFFSET})?$`);
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Accepted times: the years 1970 to 9998, which every reader of ISO 8601 understands. */
const EARLIEST = 0;
const LATEST = Date.UTC(9999, 0, 1);

const OFFSET_BUCKET_MS = 15 * MINUTE_MS; // zones change their offset at quarters of an hour only
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

/** How far a zone is ahead of UTC at an instant, in milliseconds. Cached, because Intl is slow. */
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

/** An instant on the wall clock of a zone, `2026-11-26 14:00:00`, and the offset of that clock, `+08:00`. */
export const wallClock = (timeZone: string, instant: number): { readonly text: string; readonly offset: string } => {
  const offsetMs = offsetAt(timeZone, instant);
  const text = new Date(instant + offsetMs).toISOString().slice(0, SECONDS_LENGTH).replace('T', ' ');
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((it) => String(it).padStart(2, '0'));
  return { text, offset: `${offsetMs < 0 ? '-' : '+'}${hours}:${rest}` };
};

const ZERO = 48;

/** Reads two digits. Every callback has several times, and a regular expression with groups is three times slower. */
const digits = (text: string, at: number): number => (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** The last day of a month; 0 if there is no such month. */
const lastDay = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);

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
 * Reads a time as PayCools writes it: `yyyy-MM-dd HH:mm:ss`, in `timeZone` unless the text has its own offset.
 *
 * @returns ISO 8601 in UTC with milliseconds; null if the text is not a time in the years 1970 to 9998
 * @see docs/paycools.md 9, Times (https://doc.paycools.com/PaymentCode/RepaymentVerificationAPI.html)
 */
export const parsePaycoolsTime = (text: string, timeZone: string): string | null => {
  if (!PAYCOOLS_TIME.test(text)) return null;
  const [month, day] = [digits(text, 5), digits(text, 8)];
  const [hour, minute, second] = [digits(text, 11), digits(text, 14), digits(text, 17)];
  const year = digits(text, 0) * 100 + digits(text, 2);
  if (day < 1 || day > lastDay(year, month) || hour > 23 || minute > 59 || second > 59) return null;
  const rest = text.length === SECONDS_LENGTH ? null : REST.exec(text);
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, Number((rest?.[1] ?? '0').padEnd(3, '0')));
  const offset = rest?.[2] === undefined ? wallOffset(timeZone, wall) : parseOffset(rest[2]);
  const instant = wall - offset;
  return instant >= EARLIEST && instant < LATEST ? new Date(instant).toISOString() : null;
};

/** The offset at a wall-clock time: estimated by reading the time as UTC, then corrected once for a nearby change. */
const wallOffset = (timeZone: string, wall: number): number => offsetAt(timeZone, wall - offsetAt(timeZone, wall));
