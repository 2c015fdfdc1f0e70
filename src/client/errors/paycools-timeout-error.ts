import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

type TimeoutDetails = PaycoolsErrorDetails & { readonly timeoutMs: number };

/** No complete reply arrived in time. A call ended by the caller's own AbortSignal throws PaycoolsNetworkError instead. */
export class PaycoolsTimeoutError extends PaycoolsError {
  override readonly name = 'PaycoolsTimeoutError';
  readonly code = 'PAYCOOLS_TIMEOUT';
  /** The limit that was reached, in milliseconds. */
  readonly timeoutMs: number;

  constructor({ timeoutMs, ...details }: TimeoutDetails) {
    super(`no complete reply within ${timeoutMs} ms`, details);
    this.timeoutMs = timeoutMs;
  }
}
