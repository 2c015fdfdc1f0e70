import { dayOf } from '../core/day.ts';
import type { PaymentEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import type { Registry } from '../products/registry.ts';
import { conflictFinding, reversalFinding, statementOf } from './findings.ts';
import { conflicts, flagsOf, statementBefore } from './flags.ts';
import type { EventQueue, Ledger, LedgerEntry, Observation } from './ports.ts';
import { type Delivery, eventOf, pinTo } from './understand.ts';

export type DeliverPorts = {
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly queue: EventQueue;
};

export type Delivered = {
  readonly kind: 'accepted' | 'duplicate' | 'conflicting';
  readonly event: PaymentEvent;
};

/** The family that the subject is pinned to cannot read this callback, so nobody can say what it means. */
export type Unreadable = { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Delivers what happened: observes it in the ledger, enqueues its event, and reports what disagrees. The enqueue is the
 * commit point. What comes before it only observes, what comes after it happens again when the callback comes again; so
 * a crash between any two steps loses nothing and doubles nothing.
 *
 * @throws whatever the ports throw; nothing may then be acknowledged
 */
export const deliver = async (ports: DeliverPorts, received: Delivery): Promise<Delivered | Unreadable> => {
  const observation = observationOf(received);
  const entry = await ports.ledger.observe(observation);
  const delivery = pinTo(ports.registry, received, entry.product);
  if (delivery === null) {
    return { kind: 'unreadable', reason: `was first seen as ${entry.product}, which cannot read these fields` };
  }
  const { status, definition } = delivery.interpreted;
  const event = eventOf(delivery, flagsOf(entry, status));
  const isKnown = entry.sightings.get(status)?.isDelivered === true;
  const waits = !isKnown && mustBeConfirmed(received, event);
  const queue = waits ? queues.confirmation : definition.product;
  const isNew = !isKnown && (await ports.queue.enqueue(queue, event)) === 'added';
  const isConflict = await reportDisagreements(ports.queue, event, entry);
  // The mark only saves later duplicates a step; what waits for confirmation is marked when it is moved. Its failure must
  // not turn a stored event into an error.
  if (!isKnown && !waits) ports.ledger.markDelivered(observation).catch(() => undefined);
  if (isNew) return { kind: 'accepted', event };
  return { kind: isConflict ? 'conflicting' : 'duplicate', event };
};

/** What PayCools told when it was asked needs no confirmation. */
const mustBeConfirmed = ({ merchant, origin }: Delivery, event: PaymentEvent): boolean =>
  origin === 'callback' && merchant.needsConfirmation(event);

const observationOf = ({ merchant, interpreted, origin, receivedAt }: Delivery): Observation => {
  const { definition, facts, status } = interpreted;
  const { subject, amount, merchantOrderId, channelCode, createdAt } = facts;
  const statement = { status, amount, merchantOrderId, channelCode };
  const day = dayOf(createdAt === null ? receivedAt : Date.parse(createdAt), merchant.timeZone);
  return { merchant: merchant.name, subject, product: definition.product, statement, origin, at: receivedAt, day };
};

const reportDisagreements = async (queue: EventQueue, event: PaymentEvent, entry: LedgerEntry): Promise<boolean> => {
  if (event.data.flags.includes('reversal')) {
    const before = statementBefore(entry, event.data.status);
    if (before !== null) await queue.enqueue(queues.findings, reversalFinding(event, before));
  }
  const recorded = entry.sightings.get(event.data.status)?.statement;
  if (recorded === undefined || !conflicts(recorded, statementOf(event))) return false;
  await queue.enqueue(queues.findings, conflictFinding(event, recorded));
  return true;
};
