import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

type TimeoutDetails = PaycoolsErrorDetails & { readonly timeoutMs: number };

/** No complete reply arrived in time. A call aborted by the caller's signal throws PaycoolsNetworkError instead. */
export class PaycoolsTimeoutError extends PaycoolsError {
  override readonly name = 'PaycoolsTimeoutError';
  readonly code = 'PAYCOOLS_TIMEOUT';
  /** The time limit that was exceeded, in milliseconds: that of the call, or of its last attempt. */
  readonly timeoutMs: number;

  constructor({ timeoutMs, ...details }: TimeoutDetails) {
    super(`no complete reply within ${timeoutMs} ms`, details);
    this.timeoutMs = timeoutMs;
  }
}
