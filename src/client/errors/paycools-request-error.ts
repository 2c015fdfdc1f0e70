import { PaycoolsError } from './paycools-error.ts';

type RequestDetails = { readonly call: string; readonly details: readonly string[] };

/** The parameters do not match what PayCools documents; nothing was sent. */
export class PaycoolsRequestError extends PaycoolsError {
  override readonly name = 'PaycoolsRequestError';
  readonly code = 'PAYCOOLS_REQUEST';
  /** Which parameters are wrong and what they must be, without their values. */
  readonly details: readonly string[];

  constructor({ call, details }: RequestDetails) {
    super(`wrong parameters: ${details.join('; ')}`, { call, outcome: 'not-sent', retryable: false });
    this.details = details;
  }
}
