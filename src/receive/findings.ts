import type { FindingData, FindingEvent, PaymentEvent, Statement } from '../core/event.ts';
import { findingId } from '../core/event-id.ts';

/** Queue of the disagreements that a person should see. */
export const FINDINGS_QUEUE = 'findings';

/** Shape of a finding's `data`. */
const FINDING_SCHEMA = 'urn:paycools-webhooks:finding:1';

type Disagreement = {
  readonly kind: string;
  readonly summary: string;
  readonly recorded: Statement | null;
  readonly received: Statement | null;
};

/** What the event says, reduced to what two sides can disagree about. */
export const statementOf = ({ data }: PaymentEvent): Statement => ({
  status: data.status,
  amount: data.amount,
  merchantOrderId: data.merchantOrderId,
  channelCode: data.channelCode,
});

/** What a finding is about. */
export type FindingSubject = Pick<FindingEvent, 'source' | 'subject' | 'origin' | 'receivedat'> &
  Pick<FindingData, 'product' | 'merchantOrderId' | 'transactionId' | 'eventId'>;

/** The finding that tells a disagreement. The same one again has the same id. */
export const buildFinding = (about: FindingSubject, disagreement: Disagreement): FindingEvent => {
  const { source, subject, origin, receivedat, product, merchantOrderId, transactionId, eventId } = about;
  const { kind, summary, recorded, received } = disagreement;
  return {
    specversion: '1.0',
    id: findingId(kind, eventId, JSON.stringify([recorded, received])),
    source,
    type: `com.paycools.finding.${kind}`,
    subject,
    time: receivedat,
    datacontenttype: 'application/json',
    dataschema: FINDING_SCHEMA,
    origin,
    receivedat,
    data: { kind, product, merchantOrderId, transactionId, eventId, summary, recorded, received },
  };
};

export const aboutEvent = ({ id: eventId, data, ...envelope }: PaymentEvent): FindingSubject => ({
  ...envelope,
  ...data,
  eventId,
});

export const conflictFinding = (event: PaymentEvent, recorded: Statement): FindingEvent =>
  buildFinding(aboutEvent(event), {
    kind: 'conflict',
    summary: 'The same news came with another content; it was not delivered a second time.',
    recorded,
    received: statementOf(event),
  });

export const reversalFinding = (event: PaymentEvent, recorded: Statement): FindingEvent =>
  buildFinding(aboutEvent(event), {
    kind: 'reversal',
    summary: `It was ${recorded.status} and is now ${event.data.status}; the event was delivered with the flag reversal.`,
    recorded,
    received: statementOf(event),
  });
