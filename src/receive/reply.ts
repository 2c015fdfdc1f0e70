import type { ProblemCode } from '../core/problems.ts';
import type { Outcome } from './outcome.ts';

/** The reply to PayCools: 200 with a body as JSON text, or a problem. */
export type HttpReply =
  | { readonly kind: 'ok'; readonly body: string }
  | { readonly kind: 'problem'; readonly code: ProblemCode };

/** The reply to an outcome. A callback is acknowledged only once it is stored or spooled. */
export const replyTo = (outcome: Outcome): HttpReply => {
  switch (outcome.kind) {
    case 'accepted':
    case 'duplicate':
    case 'conflicting':
    case 'unrecognized':
    case 'spooled':
      return { kind: 'ok', body: outcome.acknowledgement };
    case 'answered':
      return { kind: 'ok', body: JSON.stringify(outcome.reply) };
    case 'malformed':
      return { kind: 'problem', code: 'malformed' };
    case 'forged':
    case 'refused': // the same as for an unknown merchant, see NO_KEYS in receive.ts
      return { kind: 'problem', code: 'unauthorized' };
    case 'unavailable':
      return { kind: 'problem', code: 'unavailable' };
  }
};
