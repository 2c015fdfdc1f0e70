import type { VerificationEvent } from '../core/event.ts';
import { questionId } from '../core/event-id.ts';
import { replyOf } from '../core/verification.ts';
import { sourceOf } from '../products/event.ts';
import type { AskedQuestion } from '../products/interpret.ts';
import type { Outcome } from './outcome.ts';
import type { Verifier } from './ports.ts';

/** Queue of the questions that workers answer. */
export const QUESTIONS_QUEUE = 'payment-verification';

type Asking = { readonly merchant: string; readonly receivedAt: number; readonly timeoutMs: number };

const buildQuestion = ({ entry, facts, raw }: AskedQuestion, asking: Asking): VerificationEvent => {
  const { eventName, identity } = entry.question;
  const receivedat = new Date(asking.receivedAt).toISOString();
  return {
    specversion: '1.0',
    id: questionId(
      asking.merchant,
      eventName,
      identity.map((name) => String(raw[name] ?? '')),
    ),
    source: sourceOf(asking.merchant),
    type: 'com.paycools.payment-verification.requested',
    subject: facts.merchantOrderId,
    time: facts.createdAt ?? receivedat,
    datacontenttype: 'application/json',
    dataschema: 'urn:paycools-webhooks:payment-verification:1',
    origin: 'callback',
    receivedat,
    data: {
      product: entry.definition.product,
      ...facts,
      answerBy: new Date(asking.receivedAt + asking.timeoutMs).toISOString(),
      raw,
    },
  };
};

/** Asks the merchant's workers what PayCools asks. Always ends with an answer, and in time. */
export const answerQuestion = async (
  verifier: Verifier,
  question: AskedQuestion,
  inbound: { readonly merchant: string; readonly receivedAt: number },
): Promise<Outcome> => {
  const event = buildQuestion(question, { ...inbound, timeoutMs: verifier.timeoutMs });
  const { reply, by } = await verifier.ask(event);
  return { kind: 'answered', by, event, reply };
};

/** What PayCools is told when its question cannot be understood: a parameter is wrong. */
export const MISUNDERSTOOD = JSON.stringify(replyOf({ answer: 'reject', reason: 'invalid-parameter' }));
