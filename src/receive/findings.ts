import { cloudEvent, dataSchemaOf, eventTypeOf } from '../core/cloud-event.ts';
import {
  type FindingData,
  type FindingEvent,
  type FindingKind,
  findingKinds,
  type PaymentEvent,
  type Statement,
} from '../core/event.ts';
import { findingId } from '../core/event-id.ts';
import { differences } from '../core/statement.ts';

type Disagreement = {
  readonly kind: FindingKind;
  readonly summary: string;
  readonly recorded: Statement | null;
  readonly received: Statement | null;
};

/** The statement of an event: the part that two sides can disagree about. */
export const statementOf = ({ data }: PaymentEvent): Statement => ({
  status: data.status,
  amount: data.amount,
  merchantOrderId: data.merchantOrderId,
  channelCode: data.channelCode,
});

/** The event that a finding is about. */
export type FindingSubject = Pick<FindingEvent, 'source' | 'subject' | 'origin' | 'receivedat'> &
  Pick<FindingData, 'product' | 'merchantOrderId' | 'transactionId' | 'eventId'>;

/** Builds the finding that reports a disagreement. The same disagreement always gets the same id. */
export const buildFinding = (findingSubject: FindingSubject, disagreement: Disagreement): FindingEvent => {
  const { source, subject, origin, receivedat, product, merchantOrderId, transactionId, eventId } = findingSubject;
  const { kind, summary, recorded, received } = disagreement;
  return cloudEvent({
    id: findingId(kind, eventId, JSON.stringify([recorded, received])),
    source,
    type: eventTypeOf(`finding.${kind}`),
    subject,
    time: receivedat,
    dataschema: dataSchemaOf('finding'),
    origin,
    receivedat,
    data: { kind, product, merchantOrderId, transactionId, eventId, summary, recorded, received },
  });
};

export const findingSubjectOf = ({ id: eventId, data, ...envelope }: PaymentEvent): FindingSubject => ({
  ...envelope,
  ...data,
  eventId,
});

export const conflictFinding = (event: PaymentEvent, recorded: Statement): FindingEvent =>
  buildFinding(findingSubjectOf(event), {
    kind: 'conflict',
    summary: findingKinds.conflict,
    recorded,
    received: statementOf(event),
  });

/** Whether two statements of the same fact contradict each other in amount, currency, order or channel. */
export const conflicts = (recorded: Statement, received: Statement): boolean =>
  differences(recorded, received).length > 0;

type Change = { readonly before: Statement; readonly after: Statement };

/** @param event the event of the later status, or another one of its subject with that event's id */
export const reversalFinding = (event: PaymentEvent, { before, after }: Change): FindingEvent =>
  buildFinding(findingSubjectOf(event), {
    kind: 'reversal',
    summary: `The final status changed from ${before.status} to ${after.status}.`,
    recorded: before,
    received: after,
  });
