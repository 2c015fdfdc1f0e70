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

type Reception = { readonly merchant: string; readonly receivedAt: number };

const buildPaymentVerification = (
  { entry, facts, raw }: PaymentVerification,
  { merchant, receivedAt, timeoutMs }: Reception & { readonly timeoutMs: number },
): PaymentVerificationEvent => {
  const { eventName, identity } = entry.verification;
  const values = identity.map((name) => String(raw[name] ?? ''));
  const receivedat = new Date(receivedAt).toISOString();
  return cloudEvent({
    id: paymentVerificationId(merchant, eventName, values),
    source: sourceOf(merchant),
    type: PAYMENT_VERIFICATION_TYPE,
    subject: facts.merchantOrderId,
    time: facts.createdAt ?? receivedat,
    dataschema: PAYMENT_VERIFICATION_SCHEMA,
    origin: 'callback',
    receivedat,
    data: {
      product: entry.definition.product,
      ...facts,
      answerBy: new Date(receivedAt + timeoutMs).toISOString(),
      raw,
    },
  });
};

/** Asks the merchant's workers whether the payment may be collected. Always ends with an answer, and in time. */
export const answerPaymentVerification = async (
  approver: PaymentApprover,
  verification: PaymentVerification,
  reception: Reception,
): Promise<Outcome> => {
  const event = buildPaymentVerification(verification, { ...reception, timeoutMs: approver.timeoutMs });
  return { kind: 'answered', event, ...(await approver.ask(event)) };
};

/** The reply to a payment verification that cannot be understood. */
export const INVALID_PARAMETER_REPLY = JSON.stringify(replyOf({ answer: 'reject', reason: 'invalid-parameter' }));
