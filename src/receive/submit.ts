import type { PaymentEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { AMBIGUOUS } from '../products/interpret.ts';
import {
  contentOf,
  type Delivered,
  type DeliverPorts,
  deliver,
  type NotDelivered,
  reportedOf,
  subjectOf,
} from './deliver.ts';
import { place } from './history.ts';
import type { Confirmable } from './ports.ts';
import { type AwaitingEvent, type Delivery, eventOf } from './understand.ts';

/** What became of a delivery. */
export type Submitted =
  | Delivered
  /** PayCools is asked first; `isNew` unless it was asked about the same content already. */
  | {
      readonly kind: 'awaiting-confirmation';
      readonly isNew: boolean;
      readonly event: PaymentEvent;
      /** Under which it waits: the same content waits once. */
      readonly contentId: string;
    }
  /** It cannot be understood, or it cannot be believed and PayCools cannot be asked. */
  | { readonly kind: 'unrecognized'; readonly reason: string };

const confirmableOf = ({ interpreted }: Delivery): Confirmable => ({
  ...interpreted.facts,
  product: interpreted.definition.product,
  status: interpreted.status,
});

/**
 * Builds what waits for its confirmation. With a reason where the callback cannot be believed without one: then what waits
 * can still become unrecognized.
 */
export type WaitsAs = (reason: string | null) => AwaitingEvent;

/** Puts it where it waits until PayCools has stated whether it is true. */
const awaitConfirmation = async (
  { queue }: DeliverPorts,
  delivery: Delivery,
  waiting: AwaitingEvent,
): Promise<Submitted> => {
  const contentId = contentOf(delivery);
  const isNew = (await queue.enqueue(queues.confirmation, waiting, contentId)) === 'added';
  return { kind: 'awaiting-confirmation', isNew, event: eventOf(delivery), contentId };
};

/** Whether the same fact is on its queue already: then there is nothing to confirm, and other content is a conflict. */
const isDelivered = async ({ ledger }: DeliverPorts, delivery: Delivery): Promise<boolean> => {
  const stored = await ledger.read(await subjectOf(ledger, delivery));
  if (stored === null) return false;
  const { history, index } = place(stored.history, reportedOf(delivery));
  return history.sightings[index]?.isDelivered === true;
};

const unlessRefuted = async (
  ports: DeliverPorts,
  delivery: Delivery,
  { delivered, waitsAs }: { readonly delivered: Delivered | NotDelivered; readonly waitsAs: WaitsAs },
): Promise<Submitted> => {
  if (!('reason' in delivered)) return delivered;
  return delivered.kind === 'refuted' && delivery.merchant.canConfirm(confirmableOf(delivery))
    ? awaitConfirmation(ports, delivery, waitsAs(null))
    : { kind: 'unrecognized', reason: delivered.reason };
};

/**
 * Gives a callback to the workers, or asks PayCools first: where CONFIRM wants it, where the signed text is ambiguous, and
 * where PayCools contradicted this content before.
 *
 * @throws whatever the ports throw; nothing may then be acknowledged
 */
export const submit = async (ports: DeliverPorts, delivery: Delivery, waitsAs: WaitsAs): Promise<Submitted> => {
  const { merchant, isAmbiguous, flags } = delivery;
  const confirmable = confirmableOf(delivery);
  if (isAmbiguous) {
    return merchant.canConfirm(confirmable)
      ? awaitConfirmation(ports, delivery, waitsAs(AMBIGUOUS))
      : { kind: 'unrecognized', reason: AMBIGUOUS };
  }
  if (!merchant.mustConfirm(confirmable) || (await isDelivered(ports, delivery))) {
    return unlessRefuted(ports, delivery, { delivered: await deliver(ports, delivery), waitsAs });
  }
  if (merchant.canConfirm(confirmable)) return awaitConfirmation(ports, delivery, waitsAs(null));
  const unconfirmed: Delivery = { ...delivery, flags: [...flags, 'unconfirmed'] };
  return unlessRefuted(ports, delivery, { delivered: await deliver(ports, unconfirmed), waitsAs });
};
