/**
 * What became of the request, as far as is known:
 *
 * - `not-sent`: nothing of it reached PayCools.
 * - `refused`: PayCools replied that it was not carried out.
 * - `unknown`: it may have been carried out. Check with a query or the statement before you repeat it; never treat it
 *   as a failure. For calls that only read it does not matter.
 */
export type RequestOutcome = 'not-sent' | 'refused' | 'unknown';

export type PaycoolsErrorDetails = {
  /** The method that was called, such as `payout.create`. */
  readonly call: string;
  readonly outcome: RequestOutcome;
  /** Whether the same call may be repeated later. Never true for a creation or a change whose outcome is unknown. */
  readonly retryable: boolean;
  readonly cause?: unknown;
};

/**
 * The base of every error of the client. No error contains a key, a signature, an address with a query, a body or a
 * value of a request.
 */
export abstract class PaycoolsError extends Error {
  /** Stable: for PaycoolsApiError the code of PayCools, otherwise one of our own codes. */
  abstract readonly code: number | string;
  readonly call: string;
  readonly outcome: RequestOutcome;
  readonly retryable: boolean;

  constructor(message: string, { call, outcome, retryable, cause }: PaycoolsErrorDetails) {
    super(`${call}: ${message}`, cause === undefined ? undefined : { cause });
    this.call = call;
    this.outcome = outcome;
    this.retryable = retryable;
  }
}
