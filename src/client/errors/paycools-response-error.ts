import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

/**
 * - `not-json`: not one unambiguous JSON object: a proxy's page, half a reply, a duplicate member.
 * - `no-code`: a JSON object without the member `code`.
 * - `shape`: `data` is not as documented.
 * - `too-large`: longer than `maxReplyBytes`.
 * - `redirect`: a redirect, which is never followed, because the request is signed and holds personal data.
 * - `too-many-pages`: a statement does not end.
 */
export type ResponseProblem = 'not-json' | 'no-code' | 'shape' | 'too-large' | 'redirect' | 'too-many-pages';

type ResponseDetails = PaycoolsErrorDetails & {
  readonly problem: ResponseProblem;
  readonly httpStatus: number;
  /** Which members are not as documented and what they must be, without their values. */
  readonly details?: readonly string[];
};

/** The reply does not match what PayCools documents. */
export class PaycoolsResponseError extends PaycoolsError {
  override readonly name = 'PaycoolsResponseError';
  readonly code = 'PAYCOOLS_RESPONSE';
  readonly problem: ResponseProblem;
  readonly httpStatus: number;
  readonly details: readonly string[];

  constructor({ problem, httpStatus, details = [], ...rest }: ResponseDetails) {
    const list = details.length === 0 ? '' : `: ${details.join('; ')}`;
    super(`the reply (HTTP ${httpStatus}) is not as documented, ${problem}${list}`, rest);
    this.problem = problem;
    this.httpStatus = httpStatus;
    this.details = details;
  }
}
