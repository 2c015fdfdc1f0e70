import { dayOf } from '../core/day.ts';
import { isFinal, type PaymentEvent } from '../core/event.ts';
import { contentId, eventId } from '../core/event-id.ts';
import { queues } from '../core/queues.ts';
import type { Registry } from '../products/registry.ts';
import { conflictFinding, conflicts, reversalFinding, statementOf } from './findings.ts';
import { emptyHistory, type History, markDelivered, type Observation, type Placement, place } from './history.ts';
import type { Moment } from './moment.ts';
import type { Commit, EventQueue, IndexedSubject, Ledger, StoredHistory, SubjectOfMerchant } from './ports.ts';
import { type Delivery, eventOf, pinTo } from './understand.ts';

export type DeliverPorts = {
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly queue: EventQueue;
  /** Stores event and history in one step; null if events are added by BullMQ's own script. */
  readonly commit: Commit | null;
};

export type Delivered = {
  readonly kind: 'accepted' | 'duplicate' | 'conflicting';
  readonly event: PaymentEvent;
};

/** Why nothing was delivered. */
export type NotDelivered = {
  /**
   * `unreadable`: the family under which the subject was first seen cannot read this callback; its meaning is unknown.
   * `refuted`: PayCools contradicted this content before.
   */
  readonly kind: 'unreadable' | 'refuted';
  readonly reason: string;
};

type DeliverOptions = {
  /** Whether PayCools has just confirmed this content; then an earlier contradiction does not count. Default false. */
  readonly isConfirmed?: boolean;
};

/**
 * Delivers what happened: places it in the history of its subject, enqueues its event, and reports conflicts and
 * reversals. History and event are usually one write. Otherwise the enqueue is the commit point: the steps before it
 * only observe, and the steps after it are repeated when the callback is repeated, so a crash between any two steps
 * neither loses nor duplicates an event.
 *
 * @throws whatever the ports throw; then it must be spooled, or not acknowledged
 */
export const deliver = async (
  ports: DeliverPorts,
  received: Delivery,
  options: DeliverOptions = {},
): Promise<Delivered | NotDelivered> => {
  const recorded = await recordInLedger(ports, received, options);
  if ('reason' in recorded) return recorded;
  const { placement, event, added } = recorded;
  const { isDelivered } = placement.sighting;
  const isNew = !isDelivered && (added ?? (await ports.queue.enqueue(event.data.product, event))) === 'added';
  await reportReversals(ports.queue, recorded);
  const isConflict = await reportConflict(ports.queue, recorded);
  // Both are written again when the callback is repeated: their failure must not turn a stored event into an error.
  if (!isDelivered && added === null) markAndIndex(ports.ledger, recorded).catch(() => undefined);
  if (isNew) return { kind: 'accepted', event };
  return { kind: isConflict ? 'conflicting' : 'duplicate', event };
};

/** The subject of a delivery, by the name that the ledger has for it. */
export const resolveSubject = async (
  ledger: Ledger,
  { merchant, interpreted }: Delivery,
): Promise<SubjectOfMerchant> => {
  const { subject, aliases } = interpreted.facts;
  const name = aliases === undefined ? subject : await ledger.resolveName(merchant.name, [subject, ...aliases]);
  return { merchant: merchant.name, subject: name };
};

/** Identifies the content of a delivery, which is what PayCools confirms or contradicts. */
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

/** What a delivery reports about its subject. */
export const observationOf = (delivery: Delivery): Observation => {
  const { definition, facts, status } = delivery.interpreted;
  const { amount, merchantOrderId, channelCode } = facts;
  const statement = { status, amount, merchantOrderId, channelCode };
  return { product: definition.product, statement, origin: delivery.origin, moment: momentOf(delivery) };
};

/** A delivery with its place in the history of its subject, and the event that follows from it. */
type Placed = {
  readonly subject: SubjectOfMerchant;
  readonly delivery: Delivery;
  readonly placement: Placement;
  readonly event: PaymentEvent;
};

type Written = {
  /** The history that is now in the ledger; null if one commit stored both history and event. */
  readonly stored: StoredHistory | null;
  /** Whether this call put the event on its queue; null if it has not been enqueued yet. */
  readonly added: 'added' | 'duplicate' | null;
};

/** Nothing was written, because the ledger's history is not the expected one. */
type Outdated = { readonly current: StoredHistory };

type Recorded = Placed & Written;

/** Most subjects are new, so the first attempt assumes no history; if there is one, the ledger returns it. */
const recordInLedger = async (
  ports: DeliverPorts,
  received: Delivery,
  { isConfirmed = false }: DeliverOptions,
): Promise<Recorded | NotDelivered> => {
  const subject = await resolveSubject(ports.ledger, received);
  let before: StoredHistory | null = null;
  for (;;) {
    const history: History = before?.history ?? emptyHistory;
    if (!isConfirmed && history.refuted.length > 0 && history.refuted.includes(contentOf(received))) {
      return { kind: 'refuted', reason: 'PayCools contradicted it before' };
    }
    const delivery = pinTo(ports.registry, received, history.product);
    if (delivery === null) {
      return { kind: 'unreadable', reason: `was first seen as ${history.product}, which cannot read these fields` };
    }
    const placement = place(history, observationOf(delivery));
    const { flags, sighting } = placement;
    const event = eventOf(delivery, { subject: subject.subject, flags, repeatedAt: sighting.repeatedAt });
    const placed: Placed = { subject, delivery, placement, event };
    const written: Written | Outdated = await write(ports, placed, before);
    if (!('current' in written)) return { ...placed, ...written };
    before = written.current;
  }
};

/**
 * Writes the history, and the event with it if possible. An event with reversals takes several steps, because it is
 * marked as delivered only after they have been reported.
 */
const write = async (
  { ledger, commit }: DeliverPorts,
  placed: Placed,
  before: StoredHistory | null,
): Promise<Written | Outdated> => {
  const { subject, placement, event } = placed;
  const { history, index, sighting, isNew, reversals } = placement;
  if (commit !== null && !sighting.isDelivered && reversals.length === 0) {
    const after = markDelivered(history, index);
    const result = await commit({ ...indexedSubjectOf(placed), event, before, after, isKnown: !isNew });
    if (result !== null) return 'current' in result ? result : { added: result.added, stored: null };
  }
  if (history === before?.history) return { added: null, stored: before };
  const { isWritten, stored } = await ledger.replace(subject, before, history);
  return isWritten ? { added: null, stored } : { current: stored };
};

const indexedSubjectOf = ({ subject, delivery }: Placed): IndexedSubject => {
  const { merchant, interpreted, receivedAt } = delivery;
  const { createdAt } = interpreted.facts;
  const day = dayOf(createdAt === null ? receivedAt : Date.parse(createdAt), merchant.timeZone);
  return { ...subject, product: interpreted.definition.product, day, isOpen: interpreted.status === 'pending' };
};

const markAndIndex = async (ledger: Ledger, recorded: Recorded): Promise<void> => {
  const { subject, placement, stored } = recorded;
  await Promise.all([
    ledger.replace(subject, stored, markDelivered(placement.history, placement.index)),
    ledger.index(indexedSubjectOf(recorded)),
  ]);
};

const reportReversals = async (queue: EventQueue, { subject, placement, event }: Recorded): Promise<void> => {
  for (const { before, after } of placement.reversals) {
    const { statement, repeatedAt } = after;
    const id = eventId(subject.merchant, subject.subject, statement.status, repeatedAt);
    const change = { before: before.statement, after: statement };
    await queue.enqueue(queues.findings, reversalFinding({ ...event, id }, change));
  }
};

const reportConflict = async (queue: EventQueue, { placement, event }: Recorded): Promise<boolean> => {
  const { recorded } = placement;
  if (recorded === null || !conflicts(recorded, statementOf(event))) return false;
  await queue.enqueue(queues.findings, conflictFinding(event, recorded));
  return true;
};
