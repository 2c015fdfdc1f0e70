/**
 * Whether PayCools carried out the request:
 *
 * - `not-sent`: no part of it reached PayCools.
 * - `refused`: PayCools replied that it was not carried out.
 * - `unknown`: it may have been carried out. Check with a query or the statement before you repeat it; never treat it
 *   as a failure. Irrelevant for calls that only read.
 */
export type RequestOutcome = 'not-sent' | 'refused' | 'unknown';

export type PaycoolsErrorDetails = Pick<PaycoolsError, 'call' | 'outcome' | 'retryable'> & { readonly cause?: unknown };

/**
 * Base class of the client's errors. No error contains a key, a signature, a query string, a body or a value from the
 * request.
 */
export abstract class PaycoolsError extends Error {
  /** A stable code: PayCools's own for a PaycoolsApiError, `PAYCOOLS_…` for all others. */
  abstract readonly code: number | string;
  /** The method that was called, such as `payout.create`. */
  readonly call: string;
  /** Whether PayCools carried out the request. */
  readonly outcome: RequestOutcome;
  /** Whether the same call may be repeated later. Never true for a creation or a change whose outcome is unknown. */
  readonly retryable: boolean;

  constructor(message: string, { call, outcome, retryable, cause }: PaycoolsErrorDetails) {
    super(`${call}: ${message}`, cause === undefined ? undefined : { cause });
    this.call = call;
    this.outcome = outcome;
    this.retryable = retryable;
  }
}
