import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

type NetworkDetails = PaycoolsErrorDetails & { readonly reason: string };

/** The connection failed, or the caller's AbortSignal aborted the call. */
export class PaycoolsNetworkError extends PaycoolsError {
  override readonly name = 'PaycoolsNetworkError';
  readonly code = 'PAYCOOLS_NETWORK';
  /** Error code of the system or of fetch (`ECONNREFUSED`, `UND_ERR_SOCKET`, …), `aborted` by the caller, or `unknown`. */
  readonly reason: string;

  constructor({ reason, ...details }: NetworkDetails) {
    super(reason === 'aborted' ? 'aborted by the caller' : `the connection failed (${reason})`, details);
    this.reason = reason;
  }
}
