/** How calls that are safe to repeat are retried: exponential backoff with full jitter. */
export type RetryPolicy = {
  /**
   * Maximum number of attempts, including the first.
   *
   * @defaultValue 4
   */
  readonly attempts: number;
  /**
   * Maximum delay after the first attempt, in milliseconds; it doubles with each further attempt.
   *
   * @defaultValue 250
   */
  readonly baseMs: number;
  /**
   * Maximum delay, in milliseconds, unless PayCools asks for a longer one with `Retry-After`.
   *
   * @defaultValue 5,000
   */
  readonly maxMs: number;
};

/** The number of failed attempts, and a random number from 0 (inclusive) to 1 (exclusive). */
type BackoffState = Pick<RetryPolicy, 'baseMs' | 'maxMs'> & { readonly attempt: number; readonly random: number };

/** Delay before the next attempt, in milliseconds: a random share of a maximum that doubles with each attempt. */
export const backoffMs = ({ attempt, baseMs, maxMs, random }: BackoffState): number =>
  Math.floor(random * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));

const SECONDS = /^\d{1,9}$/;

/**
 * Reads `Retry-After`: seconds, or a date.
 *
 * @param now milliseconds since 1970
 * @returns the delay in milliseconds, or null if the header is missing or unreadable
 * @see RFC 9110, 10.2.3
 */
export const retryAfterMs = (header: string | null, now: number): number | null => {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) || !/[A-Za-z]/.test(text) ? null : Math.max(0, date - now);
};
