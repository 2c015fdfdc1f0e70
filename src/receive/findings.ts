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

/** The finding that tells a disagreement about an event. The same one again has the same id. */
const buildFinding = (event: PaymentEvent, { kind, summary, recorded, received }: Disagreement): FindingEvent => {
  const { product, merchantOrderId, transactionId } = event.data;
  const data: FindingData = {
    kind,
    product,
    merchantOrderId,
    transactionId,
    eventId: event.id,
    summary,
    recorded,
    received,
  };
  return {
    specversion: '1.0',
    id: findingId(kind, event.id, JSON.stringify([recorded, received])),
    source: event.source,
    type: `com.paycools.finding.${kind}`,
    subject: event.subject,
    time: event.receivedat,
    datacontenttype: 'application/json',
    dataschema: FINDING_SCHEMA,
    origin: event.origin,
    receivedat: event.receivedat,
    data,
  };
};

export const conflictFinding = (event: PaymentEvent, recorded: Statement): FindingEvent =>
  buildFinding(event, {
    kind: 'conflict',
    summary: 'The same news came with another content; it was not delivered a second time.',
    recorded,
    received: statementOf(event),
  });

export const reversalFinding = (event: PaymentEvent, recorded: Statement): FindingEvent =>
  buildFinding(event, {
    kind: 'reversal',
    summary: `It was ${recorded.status} and is now ${event.data.status}; the event was delivered with the flag reversal.`,
    recorded,
    received: statementOf(event),
  });
