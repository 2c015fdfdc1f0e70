import { type ApiErrorKind, describeApiCode } from '../api-codes.ts';
import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

type ApiErrorDetails = Omit<PaycoolsErrorDetails, 'cause'> & {
  readonly code: number | string;
  readonly providerMessage: string | null;
  readonly httpStatus: number;
};

/**
 * PayCools answered with a code that is no success.
 *
 * @see PAYCOOLS.md 11 (https://docs.paycools.com.ph, page "API General Code")
 */
export class PaycoolsApiError extends PaycoolsError {
  override readonly name = 'PaycoolsApiError';
  /** PayCools's code: a number where it is digits, whether it came as a number or as a text. */
  readonly code: number | string;
  readonly kind: ApiErrorKind;
  readonly httpStatus: number;
  readonly #providerMessage: string | null;

  constructor({ code, providerMessage, httpStatus, ...details }: ApiErrorDetails) {
    const { kind, meaning } = describeApiCode(code);
    super(
      `PayCools answered ${code}, ${meaning} (${kind})${details.outcome === 'unknown' ? '; it is not known whether it was done' : ''}`,
      details,
    );
    this.code = code;
    this.kind = kind;
    this.httpStatus = httpStatus;
    this.#providerMessage = providerMessage;
  }

  /**
   * The text of PayCools. It says what is wrong with a parameter (1009) and may repeat it, so it is not part of the
   * error's message and is not printed with the error: take care where it is logged.
   */
  get providerMessage(): string | null {
    return this.#providerMessage;
  }
}
