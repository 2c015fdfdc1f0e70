/**
 * What became of the request, as far as can be known:
 *
 * - `not-sent`: nothing of it reached PayCools.
 * - `refused`: PayCools answered that it did not do it.
 * - `unknown`: it may have been done. Ask by a query or the statement before anything is done again; never take it for
 *   a failure. Of a call that only reads it does not matter.
 */
export type RequestOutcome = 'not-sent' | 'refused' | 'unknown';

export type PaycoolsErrorDetails = {
  /** The method that was called, such as `payout.create`. */
  readonly call: string;
  readonly outcome: RequestOutcome;
  /** Whether the same call may be tried again as it is, later. Never true for a creation or a change whose outcome is open. */
  readonly retryable: boolean;
  readonly cause?: unknown;
};

/**
 * What every error of the client has in common. No error holds a key, a signature, an address with a query, a body or a
 * value of a request.
 */
export abstract class PaycoolsError extends Error {
  /** Stable: for PaycoolsApiError the code of PayCools, otherwise a word of ours. */
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
