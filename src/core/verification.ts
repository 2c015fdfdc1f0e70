import { z } from 'zod';
import type { Amount } from './money.ts';

/**
 * Why a payment may not be collected, and the code that tells PayCools so.
 *
 * @see PAYCOOLS.md 4.3 (https://doc.paycools.com/PaymentCode/RepaymentVerificationAPI.html)
 */
const refusals = { general: 1000, 'invalid-parameter': 1001, 'amount-over-limit': 1002 } as const;

/** The code that says: may be collected. */
const ACCEPTED_CODE = 2000;

const MAX_TEXT = 200;

/** What a worker returns from a job of the queue `{payment-verification}`: its answer to the question. */
export const verificationAnswerSchema = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('accept') }),
  z.object({
    answer: z.literal('reject'),
    reason: z.enum(Object.keys(refusals) as (keyof typeof refusals)[]).default('general'),
    text: z.string().max(MAX_TEXT).optional().describe('Told to PayCools as msg.'),
  }),
]);

export type VerificationAnswer = z.infer<typeof verificationAnswerSchema>;

/** What PayCools reads. 1000 means refused here, although it means success in replies to our own calls. */
export type VerificationReply = { readonly code: number; readonly msg: string };

const TEXTS: Readonly<Record<keyof typeof refusals, string>> = {
  general: 'Rejected',
  'invalid-parameter': 'Parameter error',
  'amount-over-limit': 'Amount exceeds the limit',
};

export const replyOf = (answer: VerificationAnswer): VerificationReply =>
  answer.answer === 'accept'
    ? { code: ACCEPTED_CODE, msg: 'Success' }
    : { code: refusals[answer.reason], msg: answer.text ?? TEXTS[answer.reason] };

/** What a worker is asked: the `data` of the question's event. */
export type VerificationData = {
  readonly product: string;
  readonly merchantOrderId: string;
  readonly referenceNumber: string;
  readonly amount: Amount;
  readonly mobile: string | null;
  readonly createdAt: string | null;
  /** An answer after this time comes too late: PayCools has had the default by then. UTC. */
  readonly answerBy: string;
  readonly raw: Readonly<Record<string, unknown>>;
};
