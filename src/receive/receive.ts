import { type Acknowledgements, standardAcknowledgements } from '../products/definition.ts';
import { eventNameOf, interpret, rawOf, readQuestion } from '../products/interpret.ts';
import { type Verified, verify } from '../verify/verify.ts';
import { decode } from '../wire/decode.ts';
import type { Inbound } from '../wire/inbound.ts';
import { addressFlags, type DeliverPorts, deliver } from './deliver.ts';
import type { Outcome } from './outcome.ts';
import type { Deadline, Merchant, Merchants, Verifier } from './ports.ts';
import { answerQuestion, MISUNDERSTOOD } from './question.ts';
import { buildUnrecognized, UNRECOGNIZED_QUEUE } from './unrecognized.ts';

export type ReceivePorts = DeliverPorts & {
  readonly merchants: Merchants;
  readonly deadline: Deadline;
  readonly verifier: Verifier;
};

type Genuine = { readonly inbound: Inbound; readonly merchant: Merchant; readonly proof: Verified };

const NO_KEYS = { secrets: [], publicKeys: [] };

/**
 * Takes one callback through the house: decode, verify, understand, store. Only what is stored (or answered, where
 * PayCools asks something) may be acknowledged.
 */
export const receive = async (ports: ReceivePorts, inbound: Inbound): Promise<Outcome> => {
  const merchant = ports.merchants.find(inbound.merchant);
  if (merchant?.isAllowedSource(inbound.source) === false) return { kind: 'refused' };
  const body = decode(inbound.body);
  if (!body.ok) return { kind: 'malformed', reason: body.error };
  const proof = verify(body.value, merchant?.keys ?? NO_KEYS);
  if (!proof.ok) return proof.error;
  if (merchant === undefined) return { kind: 'forged' };
  return understand(ports, { inbound, merchant, proof: proof.value });
};

const understand = async (ports: ReceivePorts, genuine: Genuine): Promise<Outcome> => {
  const { inbound, merchant, proof } = genuine;
  const question = readQuestion(ports.registry, proof, merchant.timeZone);
  if (question?.ok === true) return answerQuestion(ports.verifier, question.value, inbound);
  try {
    const stored = question === null ? store(ports, genuine) : quarantine(ports, genuine, question.error);
    return await ports.deadline.within(stored);
  } catch (cause) {
    return { kind: 'unavailable', cause };
  }
};

const store = async (ports: ReceivePorts, genuine: Genuine): Promise<Outcome> => {
  const { inbound, merchant, proof } = genuine;
  const { product, receivedAt } = inbound;
  const news = interpret(ports.registry, proof, { product, timeZone: merchant.timeZone });
  if (!news.ok) return quarantine(ports, genuine, news.error);
  const { definition } = news.value;
  const flags = addressFlags(product, news.value);
  const delivered = await deliver(ports, { merchant, news: news.value, origin: 'callback', receivedAt, flags });
  if (delivered.kind === 'unreadable') return quarantine(ports, genuine, delivered.reason);
  return { ...delivered, acknowledgement: acknowledge(genuine, definition.acknowledgements) };
};

const acknowledge = ({ merchant, proof }: Genuine, documented: Acknowledgements): string =>
  merchant.acknowledgements[proof.scheme] ?? documented[proof.scheme];

const quarantine = async (ports: ReceivePorts, genuine: Genuine, reason: string): Promise<Outcome> => {
  const { inbound, proof } = genuine;
  const event = buildUnrecognized(inbound, { proof, raw: rawOf(proof), reason });
  const stored = await ports.queue.enqueue(UNRECOGNIZED_QUEUE, event);
  const isQuestion = ports.registry.questions.has(eventNameOf(rawOf(proof)) ?? '');
  const acknowledgement = isQuestion ? MISUNDERSTOOD : acknowledge(genuine, standardAcknowledgements);
  if (stored === 'duplicate') return { kind: 'duplicate', event, acknowledgement };
  return { kind: 'unrecognized', reason, event, acknowledgement };
};
