import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

type NetworkDetails = PaycoolsErrorDetails & { readonly reason: string };

/** The connection failed, or the caller's AbortSignal ended the call (`reason` is then `aborted`). */
export class PaycoolsNetworkError extends PaycoolsError {
  override readonly name = 'PaycoolsNetworkError';
  readonly code = 'PAYCOOLS_NETWORK';
  /** The code of the system or of fetch (`ECONNREFUSED`, `UND_ERR_SOCKET`, …), `aborted`, or `unknown`. */
  readonly reason: string;

  constructor({ reason, ...details }: NetworkDetails) {
    super(reason === 'aborted' ? 'aborted by the caller' : `the connection failed (${reason})`, details);
    this.reason = reason;
  }
}
