import { dayOf } from '../core/day.ts';
import type { Flag, Origin, PaymentEvent } from '../core/event.ts';
import { buildEvent } from '../products/event.ts';
import { type News, reinterpret } from '../products/interpret.ts';
import type { Registry } from '../products/registry.ts';
import { conflictFinding, FINDINGS_QUEUE, reversalFinding, statementOf } from './findings.ts';
import { conflicts, flagsOf, statementBefore } from './flags.ts';
import type { EventQueue, Ledger, LedgerEntry, Merchant, Observation } from './ports.ts';

/** News with all that is needed to store it, now or when the store is back. */
export type Delivery = {
  readonly merchant: Merchant;
  readonly news: News;
  readonly origin: Origin;
  readonly receivedAt: number;
  readonly flags: readonly Flag[];
};

export type DeliverPorts = {
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly queue: EventQueue;
};

export type Delivered = {
  readonly kind: 'accepted' | 'duplicate' | 'conflicting';
  readonly event: PaymentEvent;
};

/** Where events wait for their confirmation by PayCools. */
export const CONFIRMATION_QUEUE = 'confirmation';

/** What PayCools told when it was asked needs no confirmation. */
const mustWait = ({ merchant, origin }: Delivery, event: PaymentEvent): boolean =>
  origin === 'callback' && merchant.needsConfirmation(event);

/** What the address of a callback says about its news. */
export const addressFlags = (product: string | null, { definition }: News): readonly Flag[] =>
  product !== null && product !== definition.product ? ['misrouted'] : [];

/** The family that the subject is pinned to cannot read this news, so nobody can say what it means. */
export type Unreadable = { readonly kind: 'unreadable'; readonly reason: string };

const observationOf = ({ merchant, news, origin, receivedAt }: Delivery): Observation => {
  const { definition, facts, status } = news;
  const { subject, amount, merchantOrderId, channelCode, createdAt } = facts;
  const statement = { status, amount, merchantOrderId, channelCode };
  const day = dayOf(createdAt === null ? receivedAt : Date.parse(createdAt), merchant.timeZone);
  return { merchant: merchant.name, subject, product: definition.product, statement, origin, at: receivedAt, day };
};

const eventOf = (delivery: Delivery, news: News, flags: readonly Flag[]): PaymentEvent =>
  buildEvent(news, { ...delivery, merchant: delivery.merchant.name, flags: [...delivery.flags, ...flags].sort() });

/**
 * Stores news: observes it in the ledger, enqueues its event, and reports what disagrees. The enqueue is the commit
 * point. What comes before it only observes, what comes after it happens again when the news comes again; so a crash
 * between any two steps loses nothing and doubles nothing.
 *
 * @throws whatever the ports throw; nothing may then be acknowledged
 */
export const deliver = async (ports: DeliverPorts, delivery: Delivery): Promise<Delivered | Unreadable> => {
  const observation = observationOf(delivery);
  const entry = await ports.ledger.observe(observation);
  const news = pinned(ports.registry, delivery, entry.product);
  if (news === null) {
    return { kind: 'unreadable', reason: `was first seen as ${entry.product}, which cannot read these fields` };
  }
  const event = eventOf(delivery, news, flagsOf(entry, news.status));
  const isKnown = entry.sightings.get(news.status)?.isDelivered === true;
  const waits = !isKnown && mustWait(delivery, event);
  const queue = waits ? CONFIRMATION_QUEUE : news.definition.product;
  const isNew = !isKnown && (await ports.queue.enqueue(queue, event)) === 'added';
  const isConflict = await reportDisagreements(ports.queue, event, entry);
  // The mark only saves later duplicates a step; what waits gets it when it is moved. Its failure must not turn a stored
  // event into an error.
  if (!isKnown && !waits) ports.ledger.confirm(observation).catch(() => undefined);
  if (isNew) return { kind: 'accepted', event };
  return { kind: isConflict ? 'conflicting' : 'duplicate', event };
};

/** The news as told by the family that its subject was first seen in, so that one transaction stays on one queue. */
const pinned = (registry: Registry, { merchant, news }: Delivery, product: string): News | null =>
  product === news.definition.product ? news : reinterpret(registry, news, { product, timeZone: merchant.timeZone });

const reportDisagreements = async (queue: EventQueue, event: PaymentEvent, entry: LedgerEntry): Promise<boolean> => {
  if (event.data.flags.includes('reversal')) {
    const before = statementBefore(entry, event.data.status);
    if (before !== null) await queue.enqueue(FINDINGS_QUEUE, reversalFinding(event, before));
  }
  const recorded = entry.sightings.get(event.data.status)?.statement;
  if (recorded === undefined || !conflicts(recorded, statementOf(event))) return false;
  await queue.enqueue(FINDINGS_QUEUE, conflictFinding(event, recorded));
  return true;
};
