import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

type TimeoutDetails = PaycoolsErrorDetails & { readonly timeoutMs: number };

/** No whole reply came in time. Not thrown where the caller's own AbortSignal ended the call: that is a PaycoolsNetworkError. */
export class PaycoolsTimeoutError extends PaycoolsError {
  override readonly name = 'PaycoolsTimeoutError';
  readonly code = 'PAYCOOLS_TIMEOUT';
  /** The limit that was reached, in milliseconds. */
  readonly timeoutMs: number;

  constructor({ timeoutMs, ...details }: TimeoutDetails) {
    super(`no whole reply within ${timeoutMs} ms`, details);
    this.timeoutMs = timeoutMs;
  }
}
