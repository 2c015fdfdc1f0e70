import { readPaymentVerification } from '../products/interpret.ts';
import { verify } from '../verify/verify.ts';
import { decode } from '../wire/decode.ts';
import type { Inbound } from '../wire/inbound.ts';
import type { DeliverPorts } from './deliver.ts';
import type { Outcome, Received } from './outcome.ts';
import { answerPaymentVerification } from './payment-verification.ts';
import type { Deadline, Gate, Merchants, PaymentApprover, Spool } from './ports.ts';
import { acknowledgementOf, storeCallback, unrecognizedAcknowledgement } from './store.ts';
import { eventOf, type Genuine, understand } from './understand.ts';

export type ReceivePorts = DeliverPorts & {
  readonly merchants: Merchants;
  readonly deadline: Deadline;
  readonly gate: Gate;
  readonly spool: Spool;
  readonly approver: PaymentApprover;
};

/**
 * For an unknown merchant, or a source that the merchant does not allow: same work and same reply as a bad signature, so
 * that nobody can find out which merchants exist.
 */
const NO_KEYS = { secrets: [], publicKeys: [] };

/**
 * Processes one callback: decode, verify, interpret, store. A callback may be acknowledged only once it is stored or
 * spooled, a payment verification only once it is answered.
 */
export const receive = async (ports: ReceivePorts, inbound: Inbound): Promise<Received> => {
  const merchant = ports.merchants.find(inbound.merchant);
  const isRefused = merchant?.isAllowedSource(inbound.source) === false;
  const body = decode(inbound.body);
  if (!body.ok) return notGenuine({ kind: 'malformed', reason: body.error });
  const proof = verify(body.value, isRefused ? NO_KEYS : (merchant?.keys ?? NO_KEYS));
  if (isRefused) return notGenuine({ kind: 'refused' });
  if (!proof.ok) return notGenuine(proof.error);
  if (merchant === undefined) return notGenuine({ kind: 'forged' });
  const outcome = await storeOrAnswer(ports, { callback: inbound, merchant, proof: proof.value });
  return { outcome, genuine: { fields: body.value, proof: proof.value } };
};

const notGenuine = (outcome: Outcome): Received => ({ outcome, genuine: null });

/** Answers a payment verification, or stores a callback: in Redis, else in the spool. */
const storeOrAnswer = async (ports: ReceivePorts, genuine: Genuine): Promise<Outcome> => {
  const verification = readPaymentVerification(ports.registry, genuine.proof, genuine.merchant.timeZone);
  if (verification?.ok === true) {
    return answerPaymentVerification(ports.approver, verification.value, genuine.callback);
  }
  if (!ports.gate.isOpen) return spool(ports, genuine, new Error('Redis is not durable enough right now'));
  try {
    return await ports.deadline.within(storeCallback(ports, genuine));
  } catch (cause) {
    return spool(ports, genuine, cause);
  }
};

/** Puts a callback into the spool. If Redis stored it all the same, it is a duplicate when it leaves the spool. */
const spool = async (ports: ReceivePorts, genuine: Genuine, cause: unknown): Promise<Outcome> => {
  const { merchant, product, receivedAt, body } = genuine.callback;
  try {
    await ports.spool.append({ merchant, product, receivedAt, body }, genuine.proof.signedText);
  } catch (spoolCause) {
    const message = 'could not be stored in Redis or in the spool';
    return { kind: 'unavailable', cause: new AggregateError([cause, spoolCause], message) };
  }
  const delivery = understand(ports.registry, genuine);
  const event = delivery.ok && !delivery.value.isAmbiguous ? eventOf(delivery.value) : null;
  const acknowledgement =
    event === null ? unrecognizedAcknowledgement(ports.registry, genuine) : acknowledgementOf(genuine);
  return { kind: 'spooled', event, cause, acknowledgement };
};
