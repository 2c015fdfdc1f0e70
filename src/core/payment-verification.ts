import { z } from 'zod';
import { type CloudEvent, dataSchemaOf, envelopeSchema, eventTypeOf, type Immutable, utc } from './cloud-event.ts';
import { amountSchema } from './money.ts';

/**
 * Why a payment may not be collected, and the code that PayCools gets for it.
 *
 * @see docs/paycools.md 4.3 (https://doc.paycools.com/PaymentCode/RepaymentVerificationAPI.html)
 */
const refusals = { general: 1000, 'invalid-parameter': 1001, 'amount-over-limit': 1002 } as const;

/** The code for a payment that may be collected. */
const ACCEPTED_CODE = 2000;

const MAX_TEXT = 200;

/** What a worker returns from a job of the queue `{payment-verification}`: its answer. */
export const verificationAnswerSchema = z.discriminatedUnion('answer', [
  z.object({ answer: z.literal('accept') }),
  z.object({
    answer: z.literal('reject'),
    reason: z.enum(Object.keys(refusals) as (keyof typeof refusals)[]).default('general'),
    text: z.string().max(MAX_TEXT).optional().describe('Sent to PayCools as msg.'),
  }),
]);

export type VerificationAnswer = z.infer<typeof verificationAnswerSchema>;

/** The reply to PayCools. Here 1000 means refused, although it means success in PayCools's replies to our own calls. */
export type VerificationReply = { readonly code: number; readonly msg: string };

const TEXTS: Readonly<Record<keyof typeof refusals, string>> = {
  general: 'Rejected',
  'invalid-parameter': 'Parameter error',
  'amount-over-limit': 'Amount exceeds the limit',
};

/** The reply that passes a worker's answer to PayCools. */
export const replyOf = (answer: VerificationAnswer): VerificationReply =>
  answer.answer === 'accept'
    ? { code: ACCEPTED_CODE, msg: 'Success' }
    : { code: refusals[answer.reason], msg: answer.text ?? TEXTS[answer.reason] };

const paymentVerificationData = z.object({
  product: z.string(),
  merchantOrderId: z.string().describe('Order of the virtual account.'),
  referenceNumber: z.string().describe('Contract number or payment code that the payer used.'),
  amount: amountSchema,
  mobile: z.string().nullable().describe("The payer's phone; null if PayCools leaves it empty."),
  createdAt: utc.nullable(),
  answerBy: utc.describe('An answer after this time is too late: PayCools has received the default by then.'),
  raw: z.record(z.string(), z.json()),
});

/** The `data` of a payment verification: what PayCools asks a worker. Times are UTC. */
export type PaymentVerificationData = Immutable<z.infer<typeof paymentVerificationData>>;

export const PAYMENT_VERIFICATION_TYPE = eventTypeOf('payment-verification.requested');

export const PAYMENT_VERIFICATION_SCHEMA = dataSchemaOf('payment-verification');

/** A request of PayCools whether a payment may be collected. A worker's return value is the answer. */
export type PaymentVerificationEvent = CloudEvent<typeof PAYMENT_VERIFICATION_TYPE, PaymentVerificationData>;

/** The schema of the events on the queue `{payment-verification}`. */
export const paymentVerificationEventSchema = envelopeSchema(
  z.literal(PAYMENT_VERIFICATION_TYPE),
  PAYMENT_VERIFICATION_SCHEMA,
  paymentVerificationData,
);
