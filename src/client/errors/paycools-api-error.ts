import { type ApiErrorKind, describeApiCode } from '../api-codes.ts';
import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

type ApiErrorDetails = Omit<PaycoolsErrorDetails, 'cause'> & {
  readonly code: number | string;
  readonly providerMessage: string | null;
  readonly httpStatus: number;
};

/**
 * PayCools replied with a code other than success.
 *
 * @see docs/paycools.md 11 (https://docs.paycools.com.ph, page "API General Code")
 */
export class PaycoolsApiError extends PaycoolsError {
  override readonly name = 'PaycoolsApiError';
  /** PayCools's code: a number if it consists of digits, even if it was sent as a string. */
  readonly code: number | string;
  /** Groups the codes; `unknown` for an undocumented code. */
  readonly kind: ApiErrorKind;
  /** HTTP status of the reply. */
  readonly httpStatus: number;
  readonly #providerMessage: string | null;

  constructor({ code, providerMessage, httpStatus, ...details }: ApiErrorDetails) {
    const { kind, meaning } = describeApiCode(code);
    super(
      `PayCools replied ${code}, ${meaning} (${kind})${details.outcome === 'unknown' ? '; it may or may not have been carried out' : ''}`,
      details,
    );
    this.code = code;
    this.kind = kind;
    this.httpStatus = httpStatus;
    this.#providerMessage = providerMessage;
  }

  /**
   * PayCools's own message, or null. It can quote the value of a wrong parameter (1009), so it is neither part of this
   * error's message nor printed with it: be careful where you log it.
   */
  get providerMessage(): string | null {
    return this.#providerMessage;
  }
}
