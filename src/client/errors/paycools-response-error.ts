import { PaycoolsError, type PaycoolsErrorDetails } from './paycools-error.ts';

/**
 * - `not-json`: no JSON object that can be read without doubt: a proxy's page, half a reply, a member twice.
 * - `no-code`: a JSON object without the member `code`.
 * - `shape`: `data` is not as documented.
 * - `too-large`: longer than the client reads.
 * - `redirect`: answered with another address, which is never followed: the request is signed and personal.
 * - `too-many-pages`: a statement does not end.
 */
export type ResponseProblem = 'not-json' | 'no-code' | 'shape' | 'too-large' | 'redirect' | 'too-many-pages';

type ResponseDetails = PaycoolsErrorDetails & {
  readonly problem: ResponseProblem;
  readonly httpStatus: number;
  /** Members that are not as documented and what they must be, without their values. */
  readonly details?: readonly string[];
};

/** The reply is not as PayCools documents it. */
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
