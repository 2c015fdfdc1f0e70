import { buildEvent } from '../products/event.ts';
import { interpret, readQuestion } from '../products/interpret.ts';
import { verify } from '../verify/verify.ts';
import { decode } from '../wire/decode.ts';
import type { Inbound } from '../wire/inbound.ts';
import type { Outcome } from './outcome.ts';
import { answerQuestion } from './payment-verification.ts';
import type { Deadline, Gate, Merchants, Spool, Verifier } from './ports.ts';
import { acknowledge, type Genuine, type StorePorts, store } from './store.ts';

export type ReceivePorts = StorePorts & {
  readonly merchants: Merchants;
  readonly deadline: Deadline;
  readonly gate: Gate;
  readonly spool: Spool;
  readonly verifier: Verifier;
};

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
  return settle(ports, { callback: inbound, merchant, proof: proof.value });
};

/** Answers a question, or stores news: in Redis, else in the spool. */
const settle = async (ports: ReceivePorts, genuine: Genuine): Promise<Outcome> => {
  const question = readQuestion(ports.registry, genuine.proof, genuine.merchant.timeZone);
  if (question?.ok === true) return answerQuestion(ports.verifier, question.value, genuine.callback);
  if (!ports.gate.isOpen) return keep(ports, genuine, new Error('Redis cannot be trusted with it'));
  try {
    return await ports.deadline.within(store(ports, genuine));
  } catch (cause) {
    return keep(ports, genuine, cause);
  }
};

/**
 * Puts a callback into the spool. Whether Redis has it nevertheless is not known then, and need not be: it comes out of
 * the spool with the same id.
 */
const keep = async (ports: ReceivePorts, genuine: Genuine, cause: unknown): Promise<Outcome> => {
  const { merchant, product, receivedAt, body } = genuine.callback;
  try {
    await ports.spool.append({ merchant, product, receivedAt, body });
  } catch (spoolCause) {
    return {
      kind: 'unavailable',
      cause: new AggregateError([cause, spoolCause], 'neither Redis nor the spool has it'),
    };
  }
  const { proof } = genuine;
  const news = interpret(ports.registry, proof, { product, timeZone: genuine.merchant.timeZone });
  if (!news.ok) return { kind: 'spooled', event: null, cause, acknowledgement: acknowledge(ports, genuine, null) };
  const event = buildEvent(news.value, { merchant, origin: 'callback', receivedAt, flags: [] });
  return { kind: 'spooled', event, cause, acknowledgement: acknowledge(ports, genuine, news.value) };
};
