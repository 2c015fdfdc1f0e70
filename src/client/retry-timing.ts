/** How often, and how far apart, a call that may be repeated is attempted. */
export type RetryPolicy = {
  /**
   * Attempts in total, the first one included.
   *
   * @defaultValue 4
   */
  readonly attempts: number;
  /**
   * Upper bound of the wait after the first attempt, in milliseconds; it doubles with each further attempt.
   *
   * @defaultValue 250
   */
  readonly baseMs: number;
  /**
   * Longest wait, in milliseconds, unless PayCools asks for a longer one with Retry-After.
   *
   * @defaultValue 5,000
   */
  readonly maxMs: number;
};

/** What happens after a failed attempt: `random` is from 0 to below 1. */
type BackoffState = Pick<RetryPolicy, 'baseMs' | 'maxMs'> & { readonly attempt: number; readonly random: number };

/** Exponential backoff with full jitter: anything from nothing to the ceiling, in milliseconds. */
export const backoffMs = ({ attempt, baseMs, maxMs, random }: BackoffState): number =>
  Math.floor(random * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));

const SECONDS = /^\d{1,9}$/;

/**
 * Reads `Retry-After`: seconds, or a date.
 *
 * @param now milliseconds since 1970
 * @returns the wait in milliseconds, or null where the header is missing or unreadable
 * @see RFC 9110, 10.2.3
 */
export const retryAfterMs = (header: string | null, now: number): number | null => {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) || !/[A-Za-z]/.test(text) ? null : Math.max(0, date - now);
};
