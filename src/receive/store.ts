import { standardAcknowledgements } from '../products/definition.ts';
import { eventNameOf, interpret, type News } from '../products/interpret.ts';
import type { Verified } from '../verify/verify.ts';
import { addressFlags, type DeliverPorts, deliver } from './deliver.ts';
import type { Outcome } from './outcome.ts';
import { MISUNDERSTOOD } from './payment-verification.ts';
import type { Merchant, SpooledCallback } from './ports.ts';
import { buildUnrecognized, UNRECOGNIZED_QUEUE } from './unrecognized.ts';

export type StorePorts = DeliverPorts;

/** A callback of which it is proved that PayCools sent it to this merchant. */
export type Genuine = {
  readonly callback: SpooledCallback;
  readonly merchant: Merchant;
  readonly proof: Verified;
};

/**
 * Stores a genuine callback in Redis: as an event where it is understood, else in quarantine.
 *
 * @throws whatever the ports throw; nothing may then be acknowledged
 */
export const store = async (ports: StorePorts, genuine: Genuine): Promise<Outcome> => {
  const { callback, merchant, proof } = genuine;
  const { product, receivedAt } = callback;
  const news = interpret(ports.registry, proof, { product, timeZone: merchant.timeZone });
  if (!news.ok) return quarantine(ports, genuine, news.error);
  const flags = addressFlags(product, news.value);
  const delivered = await deliver(ports, { merchant, news: news.value, origin: 'callback', receivedAt, flags });
  if (delivered.kind === 'unreadable') return quarantine(ports, genuine, delivered.reason);
  return { ...delivered, acknowledgement: acknowledge(ports, genuine, news.value) };
};

/** What PayCools expects to read after this callback; `news` is null where it is not understood. */
export const acknowledge = ({ registry }: StorePorts, { merchant, proof }: Genuine, news: News | null): string => {
  const isQuestion = news === null && registry.questions.has(eventNameOf(proof.raw) ?? '');
  if (isQuestion) return MISUNDERSTOOD;
  const documented = news?.definition.acknowledgements ?? standardAcknowledgements;
  return merchant.acknowledgements[proof.scheme] ?? documented[proof.scheme];
};

const quarantine = async (ports: StorePorts, genuine: Genuine, reason: string): Promise<Outcome> => {
  const { callback, proof } = genuine;
  const event = buildUnrecognized(callback, { proof, reason });
  const stored = await ports.queue.enqueue(UNRECOGNIZED_QUEUE, event);
  const acknowledgement = acknowledge(ports, genuine, null);
  if (stored === 'duplicate') return { kind: 'duplicate', event, acknowledgement };
  return { kind: 'unrecognized', reason, event, acknowledgement };
};
