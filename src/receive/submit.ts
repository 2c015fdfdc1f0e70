import type { PaymentEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { AMBIGUOUS } from '../products/interpret.ts';
import { contentOf, type Delivered, type DeliverPorts, deliver, observationOf, resolveSubject } from './deliver.ts';
import { place } from './history.ts';
import type { Confirmable } from './ports.ts';
import { type AwaitingEvent, type Delivery, eventOf } from './understand.ts';

/** What became of a delivery. */
export type Submitted =
  | Delivered
  /** PayCools is asked first. */
  | {
      readonly kind: 'awaiting-confirmation';
      /** False if the same content awaited confirmation already. */
      readonly isNew: boolean;
      readonly event: PaymentEvent;
      /** Identifies it on the confirmation queue, where each content waits once. */
      readonly contentId: string;
    }
  /** It cannot be understood, or it cannot be believed and PayCools cannot be asked. */
  | { readonly kind: 'unrecognized'; readonly reason: string };

/**
 * Builds the event that awaits confirmation. Called with a reason if the callback cannot be believed without
 * confirmation, so that it may still become unrecognized.
 */
export type BuildAwaiting = (reason: string | null) => AwaitingEvent;

/**
 * Delivers a callback to the workers, or asks PayCools first: if CONFIRM requires it, if the signed text is ambiguous,
 * or if PayCools contradicted this content before.
 *
 * @throws whatever the ports throw; nothing may then be acknowledged
 */
export const submit = async (
  ports: DeliverPorts,
  delivery: Delivery,
  buildAwaiting: BuildAwaiting,
): Promise<Submitted> => {
  const { merchant, isAmbiguous, flags } = delivery;
  const confirmable = confirmableOf(delivery);
  if (isAmbiguous) {
    return merchant.canConfirm(confirmable)
      ? awaitConfirmation(ports, delivery, buildAwaiting(AMBIGUOUS))
      : { kind: 'unrecognized', reason: AMBIGUOUS };
  }
  if (!merchant.mustConfirm(confirmable) || (await isDelivered(ports, delivery))) {
    return deliverUnlessRefuted(ports, delivery, buildAwaiting);
  }
  if (merchant.canConfirm(confirmable)) return awaitConfirmation(ports, delivery, buildAwaiting(null));
  return deliverUnlessRefuted(ports, { ...delivery, flags: [...flags, 'unconfirmed'] }, buildAwaiting);
};

const confirmableOf = ({ interpreted }: Delivery): Confirmable => ({
  ...interpreted.facts,
  product: interpreted.definition.product,
  status: interpreted.status,
});

/** Puts an event on the queue where it waits for PayCools's verdict. */
const awaitConfirmation = async (
  { queue }: DeliverPorts,
  delivery: Delivery,
  awaiting: AwaitingEvent,
): Promise<Submitted> => {
  const contentId = contentOf(delivery);
  const isNew = (await queue.enqueue(queues.confirmation, awaiting, contentId)) === 'added';
  return { kind: 'awaiting-confirmation', isNew, event: eventOf(delivery), contentId };
};

/** Whether the same fact is on its queue: then there is nothing to confirm, and different content is a conflict. */
const isDelivered = async ({ ledger }: DeliverPorts, delivery: Delivery): Promise<boolean> => {
  const stored = await ledger.read(await resolveSubject(ledger, delivery));
  return stored !== null && place(stored.history, observationOf(delivery)).sighting.isDelivered;
};

const deliverUnlessRefuted = async (
  ports: DeliverPorts,
  delivery: Delivery,
  buildAwaiting: BuildAwaiting,
): Promise<Submitted> => {
  const delivered = await deliver(ports, delivery);
  if (!('reason' in delivered)) return delivered;
  return delivered.kind === 'refuted' && delivery.merchant.canConfirm(confirmableOf(delivery))
    ? awaitConfirmation(ports, delivery, buildAwaiting(null))
    : { kind: 'unrecognized', reason: delivered.reason };
};
