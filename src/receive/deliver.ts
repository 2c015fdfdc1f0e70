import { dayOf } from '../core/day.ts';
import { isFinal, type PaymentEvent } from '../core/event.ts';
import { contentId, eventId } from '../core/event-id.ts';
import { queues } from '../core/queues.ts';
import type { Registry } from '../products/registry.ts';
import { conflictFinding, conflicts, reversalFinding, statementOf } from './findings.ts';
import { emptyHistory, markDelivered, type Placement, place, type Reported } from './history.ts';
import type { Moment } from './moment.ts';
import type { Commit, EventQueue, Indexed, Ledger, StoredHistory, SubjectOfMerchant } from './ports.ts';
import { type Delivery, eventOf, pinTo } from './understand.ts';

export type DeliverPorts = {
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly queue: EventQueue;
  /** Stores event and history in one step; null where events are added by BullMQ's own script. */
  readonly commit: Commit | null;
};

export type Delivered = {
  readonly kind: 'accepted' | 'duplicate' | 'conflicting';
  readonly event: PaymentEvent;
};

/** Why nothing was delivered. */
export type NotDelivered = {
  /**
   * `unreadable`: the family that the subject is pinned to cannot read this callback, so nobody can say what it means.
   * `refuted`: PayCools contradicted this content before.
   */
  readonly kind: 'unreadable' | 'refuted';
  readonly reason: string;
};

/** How sure it is. */
export type DeliverOptions = {
  /** Whether PayCools itself has just stated it, so that an earlier contradiction no longer counts. */
  readonly isConfirmed?: boolean;
};

/**
 * Delivers what happened: places it in the history of its subject, enqueues its event, and reports what disagrees. Mostly
 * history and event are one write. Otherwise the enqueue is the commit point: the steps before it only observe, the steps
 * after it are repeated when the callback comes again; so a crash between any two steps neither loses nor duplicates an event.
 *
 * @throws whatever the ports throw; nothing may then be acknowledged
 */
export const deliver = async (
  ports: DeliverPorts,
  received: Delivery,
  options: DeliverOptions = {},
): Promise<Delivered | NotDelivered> => {
  const subject = await subjectOf(ports.ledger, received);
  const recorded = await record(ports, received, { subject, ...options });
  if ('reason' in recorded) return recorded;
  const { placement, event, added } = recorded;
  const { isDelivered } = sightingIn(placement);
  const isNew = !isDelivered && (added ?? (await ports.queue.enqueue(event.data.product, event))) === 'added';
  await reportReversals(ports.queue, event, { subject, placement });
  const isConflict = await reportConflict(ports.queue, event, placement);
  // Marks only save later repeats a step: their failure must not turn a stored event into an error.
  if (!isDelivered && added === null) noteDelivered(ports.ledger, { subject, ...recorded }).catch(() => undefined);
  if (isNew) return { kind: 'accepted', event };
  return { kind: isConflict ? 'conflicting' : 'duplicate', event };
};

/** The subject under the name that the ledger has for it. */
export const subjectOf = async (ledger: Ledger, { merchant, interpreted }: Delivery): Promise<SubjectOfMerchant> => {
  const { subject, aliases } = interpreted.facts;
  const name = aliases === undefined ? subject : await ledger.nameOf(merchant.name, [subject, ...aliases]);
  return { merchant: merchant.name, subject: name };
};

/** Identifies the content of a delivery, for what PayCools confirms or contradicts. */
export const contentOf = ({ merchant, interpreted }: Delivery): string =>
  contentId(eventId(merchant.name, interpreted.facts.subject, interpreted.status), JSON.stringify(interpreted.raw));

const momentOf = ({ interpreted, receivedAt }: Delivery): Moment => {
  const { createdAt, completedAt } = interpreted.facts;
  return {
    completedAt: completedAt === null || !isFinal(interpreted.status) ? null : Date.parse(completedAt),
    createdAt: createdAt === null ? null : Date.parse(createdAt),
    receivedAt,
  };
};

/** What a delivery reports, to be placed in a history. */
export const reportedOf = (delivery: Delivery): Reported => {
  const { definition, facts, status } = delivery.interpreted;
  const { amount, merchantOrderId, channelCode } = facts;
  const statement = { status, amount, merchantOrderId, channelCode };
  return { product: definition.product, statement, origin: delivery.origin, moment: momentOf(delivery) };
};

type Placed = { readonly delivery: Delivery; readonly placement: Placement; readonly event: PaymentEvent };

type Recorded = Placed & {
  readonly stored: StoredHistory | null;
  /** Whether its event is on its queue because of this call; null where it was not put there yet. */
  readonly added: 'added' | 'duplicate' | null;
};

/** Most subjects are new, so the first try assumes that nothing is known; Redis returns the history where that is wrong. */
const record = async (
  ports: DeliverPorts,
  received: Delivery,
  { subject, isConfirmed = false }: DeliverOptions & { readonly subject: SubjectOfMerchant },
): Promise<Recorded | NotDelivered> => {
  let before: StoredHistory | null = null;
  for (;;) {
    const history: StoredHistory['history'] = before?.history ?? emptyHistory;
    if (!isConfirmed && history.refuted.length > 0 && history.refuted.includes(contentOf(received))) {
      return { kind: 'refuted', reason: 'PayCools contradicted it before' };
    }
    const delivery = pinTo(ports.registry, received, history.product);
    if (delivery === null) {
      return { kind: 'unreadable', reason: `was first seen as ${history.product}, which cannot read these fields` };
    }
    const placement = place(history, reportedOf(delivery));
    const { repeatedAt } = sightingIn(placement);
    const event = eventOf(delivery, { subject: subject.subject, flags: placement.flags, repeatedAt });
    const written: Written = await write(ports, { delivery, placement, event }, { subject, before });
    if (!('present' in written)) return { delivery, placement, event, ...written };
    before = written.present;
  }
};

type Written = Pick<Recorded, 'stored' | 'added'> | { readonly present: StoredHistory };

/**
 * Writes the history, and where possible the event with it. An event with reversals is only marked once these are reported,
 * so it takes several steps.
 */
const write = async (
  { ledger, commit }: DeliverPorts,
  { delivery, placement, event }: Placed,
  { subject, before }: { readonly subject: SubjectOfMerchant; readonly before: StoredHistory | null },
): Promise<Written> => {
  const { history, index, isNew, reversals } = placement;
  if (commit !== null && !sightingIn(placement).isDelivered && reversals.length === 0) {
    const after = markDelivered(history, index);
    const result = await commit({ ...indexedOf(subject, delivery), event, before, after, isKnown: !isNew });
    if (result !== null) return 'present' in result ? result : { added: result.added, stored: null };
  }
  if (history === before?.history) return { added: null, stored: before };
  const { isWritten, stored } = await ledger.replace(subject, before, history);
  return isWritten ? { added: null, stored } : { present: stored };
};

const sightingIn = ({ history, index }: Placement) => {
  const sighting = history.sightings[index];
  if (sighting === undefined) throw new RangeError('a placement points at no sighting');
  return sighting;
};

const indexedOf = (subject: SubjectOfMerchant, { merchant, interpreted, receivedAt }: Delivery): Indexed => {
  const { createdAt } = interpreted.facts;
  const day = dayOf(createdAt === null ? receivedAt : Date.parse(createdAt), merchant.timeZone);
  return { ...subject, product: interpreted.definition.product, day, isOpen: interpreted.status === 'pending' };
};

type Noted = Recorded & { readonly subject: SubjectOfMerchant };

const noteDelivered = async (ledger: Ledger, { subject, delivery, placement, stored }: Noted): Promise<void> => {
  await Promise.all([
    ledger.replace(subject, stored, markDelivered(placement.history, placement.index)),
    ledger.index(indexedOf(subject, delivery)),
  ]);
};

const reportReversals = async (
  queue: EventQueue,
  event: PaymentEvent,
  { subject, placement }: { readonly subject: SubjectOfMerchant; readonly placement: Placement },
): Promise<void> => {
  for (const { before, after } of placement.reversals) {
    const { statement, repeatedAt } = after;
    const id = eventId(subject.merchant, subject.subject, statement.status, repeatedAt);
    await queue.enqueue(
      queues.findings,
      reversalFinding({ ...event, id }, { before: before.statement, after: statement }),
    );
  }
};

const reportConflict = async (queue: EventQueue, event: PaymentEvent, { recorded }: Placement): Promise<boolean> => {
  if (recorded === null || !conflicts(recorded, statementOf(event))) return false;
  await queue.enqueue(queues.findings, conflictFinding(event, recorded));
  return true;
};
