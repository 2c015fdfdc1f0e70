import { queues } from '../core/queues.ts';
import { standardAcknowledgements } from '../products/definition.ts';
import { eventNameOf } from '../products/interpret.ts';
import type { Registry } from '../products/registry.ts';
import type { DeliverPorts } from './deliver.ts';
import type { Outcome } from './outcome.ts';
import { INVALID_PARAMETER_REPLY } from './payment-verification.ts';
import { submit } from './submit.ts';
import { eventOf, type Genuine, understand } from './understand.ts';
import { buildUnrecognized } from './unrecognized.ts';

/**
 * Stores a genuine callback in Redis: as an event if it is understood, else as unrecognized.
 *
 * @throws whatever the ports throw; then it must be spooled, or not acknowledged
 */
export const storeCallback = async (ports: DeliverPorts, genuine: Genuine): Promise<Outcome> => {
  const delivery = understand(ports.registry, genuine);
  if (!delivery.ok) return storeUnrecognized(ports, genuine, delivery.error);
  const { callback, proof } = genuine;
  const submitted = await submit(ports, delivery.value, (reason) =>
    reason === null ? eventOf(delivery.value) : buildUnrecognized(callback, { ...proof, reason }),
  );
  if (submitted.kind === 'unrecognized') return storeUnrecognized(ports, genuine, submitted.reason);
  const acknowledgement = acknowledgementOf(genuine);
  if (submitted.kind !== 'awaiting-confirmation') return { ...submitted, acknowledgement };
  const { isNew, event } = submitted;
  return { kind: isNew ? 'accepted' : 'duplicate', event, awaitsConfirmation: true, acknowledgement };
};

/** The acknowledgement that PayCools expects: the one that the merchant configured, else the documented one. */
export const acknowledgementOf = ({ merchant, proof }: Genuine): string =>
  merchant.acknowledgements[proof.scheme] ?? standardAcknowledgements[proof.scheme];

/** The acknowledgement of an unrecognized callback; for a payment verification: a parameter is invalid. */
export const unrecognizedAcknowledgement = (registry: Registry, genuine: Genuine): string =>
  registry.paymentVerifications.has(eventNameOf(genuine.proof.raw) ?? '')
    ? INVALID_PARAMETER_REPLY
    : acknowledgementOf(genuine);

const storeUnrecognized = async (ports: DeliverPorts, genuine: Genuine, reason: string): Promise<Outcome> => {
  const { callback, proof } = genuine;
  const event = buildUnrecognized(callback, { ...proof, reason });
  const stored = await ports.queue.enqueue(queues.unrecognized, event);
  const acknowledgement = unrecognizedAcknowledgement(ports.registry, genuine);
  if (stored === 'duplicate') return { kind: 'duplicate', event, acknowledgement };
  return { kind: 'unrecognized', reason, event, acknowledgement };
};
