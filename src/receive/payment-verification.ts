import { cloudEvent, sourceOf } from '../core/cloud-event.ts';
import { paymentVerificationId } from '../core/event-id.ts';
import {
  PAYMENT_VERIFICATION_SCHEMA,
  PAYMENT_VERIFICATION_TYPE,
  type PaymentVerificationEvent,
  replyOf,
} from '../core/payment-verification.ts';
import type { PaymentVerification } from '../products/interpret.ts';
import type { Outcome } from './outcome.ts';
import type { PaymentApprover } from './ports.ts';

type Asking = { readonly merchant: string; readonly receivedAt: number; readonly timeoutMs: number };

const buildPaymentVerification = (
  { entry, facts, raw }: PaymentVerification,
  asking: Asking,
): PaymentVerificationEvent => {
  const { eventName, identity } = entry.verification;
  const receivedat = new Date(asking.receivedAt).toISOString();
  return cloudEvent({
    id: paymentVerificationId(
      asking.merchant,
      eventName,
      identity.map((name) => String(raw[name] ?? '')),
    ),
    source: sourceOf(asking.merchant),
    type: PAYMENT_VERIFICATION_TYPE,
    subject: facts.merchantOrderId,
    time: facts.createdAt ?? receivedat,
    dataschema: PAYMENT_VERIFICATION_SCHEMA,
    origin: 'callback',
    receivedat,
    data: {
      product: entry.definition.product,
      ...facts,
      answerBy: new Date(asking.receivedAt + asking.timeoutMs).toISOString(),
      raw,
    },
  });
};

/** Asks the merchant's workers whether the payment may be collected. Always ends with an answer, and in time. */
export const answerPaymentVerification = async (
  approver: PaymentApprover,
  verification: PaymentVerification,
  inbound: { readonly merchant: string; readonly receivedAt: number },
): Promise<Outcome> => {
  const event = buildPaymentVerification(verification, { ...inbound, timeoutMs: approver.timeoutMs });
  const { reply, by } = await approver.ask(event);
  return { kind: 'answered', by, event, reply };
};

/** What PayCools gets when its payment verification cannot be understood. */
export const INVALID_PARAMETER_REPLY = JSON.stringify(replyOf({ answer: 'reject', reason: 'invalid-parameter' }));
