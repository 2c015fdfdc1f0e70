import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

/**
 * What is wrong with a reply:
 *
 * - `not-json`: not one unambiguous JSON object, such as a proxy's page, half a reply or a duplicate member.
 * - `no-code`: a JSON object without the member `code`.
 * - `shape`: `data` is not as documented.
 * - `too-large`: larger than `maxReplyBytes`.
 * - `redirect`: never followed, because the request is signed and contains personal data.
 * - `too-many-pages`: the statement does not end within `maxPages`.
 */
export type ResponseProblem = 'not-json' | 'no-code' | 'shape' | 'too-large' | 'redirect' | 'too-many-pages';

type ResponseDetails = PaycoolsErrorDetails &
  Pick<PaycoolsResponseError, 'problem' | 'httpStatus'> & { readonly details?: readonly string[] };

/** The reply does not match what PayCools documents. */
export class PaycoolsResponseError extends PaycoolsError {
  override readonly name = 'PaycoolsResponseError';
  readonly code = 'PAYCOOLS_RESPONSE';
  readonly problem: ResponseProblem;
  /** HTTP status of the reply. */
  readonly httpStatus: number;
  /** Which members are not as documented and what they must be, without their values. */
  readonly details: readonly string[];

  constructor({ problem, httpStatus, details = [], ...rest }: ResponseDetails) {
    const list = details.length === 0 ? '' : `: ${details.join('; ')}`;
    super(`the reply (HTTP ${httpStatus}) is not as documented, ${problem}${list}`, rest);
    this.problem = problem;
    this.httpStatus = httpStatus;
    this.details = details;
  }
}
