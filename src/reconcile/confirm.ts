import { dayOf } from '../core/day.ts';
import type { PaymentEvent, Statement } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import { queues } from '../core/queues.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import { aboutEvent, buildFinding, statementOf } from '../receive/findings.ts';
import type { Merchant } from '../receive/ports.ts';
import { receivedOf } from './finding.ts';
import type { Provider, QueryResult } from './ports.ts';
import { queries } from './queries.ts';

/** What is needed to decide about an event that waits for its confirmation. */
export type Confirmation = {
  readonly ports: Pick<DeliverPorts, 'ledger' | 'queue'>;
  readonly provider: Pick<Provider, 'ask'>;
  readonly merchant: Merchant;
  readonly event: PaymentEvent;
  /** Whether this is the last time that PayCools is asked. */
  readonly isLast: boolean;
};

/** `open`: to be asked again. `unconfirmed`: delivered without an answer, to be checked again. */
export type Confirmed = 'confirmed' | 'refused' | 'unconfirmed' | 'open';

type Judgement = 'agrees' | 'open' | 'absent' | 'status-mismatch' | 'amount-mismatch';

/** Whether events of this kind can be asked about. */
export const canConfirm = ({ data }: PaymentEvent): boolean => data.transactionId !== null && queries.has(data.product);

const subjectOf = ({ data }: PaymentEvent): Subject => ({
  kind: queries.get(data.product)?.kind ?? '',
  id: data.transactionId ?? '',
});

const askAbout = ({ provider, merchant, event }: Confirmation): Promise<QueryResult> => {
  const { merchantOrderId, createdAt, product } = event.data;
  const day = createdAt === null ? null : dayOf(Date.parse(createdAt), merchant.timeZone);
  return provider.ask(product, { subject: subjectOf(event), merchantOrderId, day });
};

/** Pending at PayCools is no answer yet: its own query may be behind its callback. */
const judge = (answer: QueryResult, { data }: PaymentEvent): Judgement => {
  if (answer.kind !== 'found') return answer.kind === 'absent' ? 'absent' : 'open';
  const { status, amount } = answer.row;
  if (status === null || status === 'pending') return 'open';
  if (status !== data.status) return 'status-mismatch';
  return amount !== null && data.amount !== null && amount !== data.amount.minor ? 'amount-mismatch' : 'agrees';
};

const SENTENCES = {
  'status-mismatch': 'PayCools was asked back and says another status.',
  'amount-mismatch': 'PayCools was asked back and says another amount.',
  'unknown-to-paycools': 'PayCools was asked back repeatedly and does not know it.',
} as const;

const report = async (
  { ports, event }: Confirmation,
  kind: keyof typeof SENTENCES,
  received: Statement | null,
): Promise<void> => {
  const finding = buildFinding(aboutEvent(event), {
    kind,
    summary: SENTENCES[kind],
    recorded: statementOf(event),
    received,
  });
  await ports.queue.enqueue(queues.findings, finding);
};

/** Puts the event where its family's workers wait for it, under the same id. */
const move = async ({ ports, merchant }: Confirmation, event: PaymentEvent): Promise<void> => {
  const { data, origin, receivedat } = event;
  await ports.queue.enqueue(data.product, event);
  const at = Date.parse(receivedat);
  await ports.ledger.markDelivered({
    merchant: merchant.name,
    subject: subjectOf(event),
    product: data.product,
    statement: statementOf(event),
    origin,
    at,
    day: dayOf(data.createdAt === null ? at : Date.parse(data.createdAt), merchant.timeZone),
  });
};

const rowStatement = (answer: QueryResult): Statement | null => receivedOf(answer.kind === 'found' ? answer.row : null);

/**
 * Asks PayCools whether the event is true. It moves to its family's queue when PayCools agrees, becomes a finding when
 * PayCools says otherwise, and moves with the flag `unconfirmed` when there is no answer the last time.
 *
 * @throws whatever the queue and the ledger throw; the event then stays where it is
 */
export const confirmEvent = async (confirmation: Confirmation): Promise<Confirmed> => {
  const { event, isLast } = confirmation;
  const answer = await askAbout(confirmation);
  const judgement = judge(answer, event);
  if (judgement === 'agrees') {
    await move(confirmation, event);
    return 'confirmed';
  }
  if (judgement === 'status-mismatch' || judgement === 'amount-mismatch') {
    await report(confirmation, judgement, rowStatement(answer));
    return 'refused';
  }
  if (!isLast) return 'open';
  const flags = [...new Set([...event.data.flags, 'unconfirmed' as const])].sort();
  await move(confirmation, { ...event, data: { ...event.data, flags } });
  return 'unconfirmed';
};

/**
 * Checks again an event that was delivered without an answer. A disagreement becomes a finding; the event has already been delivered.
 *
 * @throws whatever the queue throws
 */
export const recheck = async (confirmation: Confirmation): Promise<Confirmed> => {
  const answer = await askAbout(confirmation);
  const judgement = judge(answer, confirmation.event);
  if (judgement === 'agrees') return 'confirmed';
  if (judgement === 'open') return confirmation.isLast ? 'unconfirmed' : 'open';
  await report(confirmation, judgement === 'absent' ? 'unknown-to-paycools' : judgement, rowStatement(answer));
  return 'refused';
};
