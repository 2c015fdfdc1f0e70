import type { ProblemCode } from '../core/errors.ts';
import type { Scheme } from '../verify/verify.ts';
import type { Outcome } from './outcome.ts';

/**
 * What PayCools expects to read, for each scheme.
 *
 * @see PAYCOOLS.md 5 (https://doc.paycools.com/Disbursement/DisburseCallBackNotice.html)
 */
const defaultAcknowledgements: Readonly<Record<Scheme, string>> = {
  'sha1-secret': '{"code":1,"msg":"success","data":{}}',
};

/** What is answered: the acknowledgement as JSON text, or a problem. */
export type Answer =
  | { readonly kind: 'acknowledge'; readonly body: string }
  | { readonly kind: 'problem'; readonly code: ProblemCode };

/** The answer to an outcome. Only what is stored is acknowledged. */
export const answerTo = (outcome: Outcome, acknowledgements = defaultAcknowledgements): Answer => {
  switch (outcome.kind) {
    case 'accepted':
    case 'duplicate':
    case 'conflicting':
    case 'unrecognized':
      return { kind: 'acknowledge', body: acknowledgements[outcome.proof.scheme] };
    case 'malformed':
      return { kind: 'problem', code: 'malformed' };
    case 'forged':
      return { kind: 'problem', code: 'unauthorized' };
    case 'unavailable':
      return { kind: 'problem', code: 'unavailable' };
  }
};
