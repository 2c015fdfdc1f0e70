import { dayOf } from '../core/day.ts';
import type { FindingKind, PaymentEvent, Statement } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { HOUR_MS } from '../core/time.ts';
import { contentOf, type DeliverPorts, deliver, resolveSubject } from '../receive/deliver.ts';
import { buildFinding, findingSubjectOf, statementOf } from '../receive/findings.ts';
import { emptyHistory, markRefuted } from '../receive/history.ts';
import type { Confirmable, Merchant, StoredHistory } from '../receive/ports.ts';
import { type AwaitingEvent, type Delivery, eventOf, understandAwaiting } from '../receive/understand.ts';
import { asUnrecognized } from '../receive/unrecognized.ts';
import { mismatchOf, receivedOf } from './mismatch.ts';
import type { Provider, QueryResult, SubjectQuery } from './ports.ts';
import { queries } from './queries.ts';

/** How long an event may wait for PayCools's answer, in milliseconds. */
export const CONFIRMATION_TIMEOUT_MS = 60_000;

/** When PayCools is asked again about an event that was delivered unconfirmed, in milliseconds. */
export const RECHECK_DELAY_MS = HOUR_MS;

/** PayCools's side where the configuration does not say how to call it: there is no answer. */
export const NO_PROVIDER: Pick<Provider, 'ask'> = { ask: async () => ({ kind: 'unanswered' }) };

/** What is needed to decide about a callback that waits for its confirmation. */
export type Confirmation = {
  readonly ports: DeliverPorts;
  readonly provider: Pick<Provider, 'ask'>;
  readonly merchant: Merchant;
  readonly event: AwaitingEvent;
  /** Whether this is the last time that PayCools is asked. */
  readonly isLast: boolean;
};

/**
 * What became of it. `refuted`: PayCools contradicted it, so it was not delivered. `unconfirmed`: delivered without an
 * answer, to be checked again. `unrecognized`: without an answer it cannot be believed. `open`: to be asked again.
 */
export type Confirmed = 'confirmed' | 'refuted' | 'unconfirmed' | 'unrecognized' | 'open';

type Verdict = 'agrees' | 'open' | 'absent' | 'other-transaction' | Extract<FindingKind, `${string}-mismatch`>;

const queryOf = (
  { product, transactionId, merchantOrderId, createdAt }: Confirmable,
  timeZone: string,
): SubjectQuery => ({
  subject: { kind: queries.get(product)?.kind ?? '', id: transactionId ?? '' },
  merchantOrderId,
  day: createdAt === null ? null : dayOf(Date.parse(createdAt), timeZone),
});

/** Whether PayCools has a query for such an event, and the event has what the query needs. */
export const canConfirm = (about: Confirmable, timeZone: string): boolean =>
  about.transactionId !== null && queries.get(about.product)?.isEnough(queryOf(about, timeZone)) === true;

/** Pending at PayCools is not an answer yet: its own query may be behind its callback. */
const judge = (answer: QueryResult, event: PaymentEvent): Verdict => {
  if (answer.kind === 'unanswered') return 'open';
  if (answer.kind !== 'found') return answer.kind;
  const theirs = receivedOf(answer.row);
  if (theirs === null || theirs.status === 'pending') return 'open';
  return mismatchOf(statementOf(event), theirs) ?? 'agrees';
};

type Asked = { readonly verdict: Verdict; readonly theirs: Statement | null };

const ask = async ({ provider, merchant }: Confirmation, event: PaymentEvent): Promise<Asked> => {
  const answer = await provider.ask(event.data.product, queryOf(event.data, merchant.timeZone));
  const theirs = 'row' in answer ? receivedOf(answer.row) : null;
  return { verdict: judge(answer, event), theirs };
};

const report = async (
  { ports }: Confirmation,
  event: PaymentEvent,
  finding: { readonly kind: FindingKind; readonly summary: string; readonly theirs: Statement | null },
): Promise<void> => {
  const { kind, summary, theirs } = finding;
  const about = { kind, summary, recorded: statementOf(event), received: theirs };
  await ports.queue.enqueue(queues.findings, buildFinding(findingSubjectOf(event), about));
};

/** Remembers, or forgets, that PayCools contradicted this content: it must not be delivered by another way later. */
const remember = async ({ ports }: Confirmation, delivery: Delivery, isRefuted: boolean): Promise<void> => {
  const subject = await resolveSubject(ports.ledger, delivery);
  const content = contentOf(delivery);
  let before: StoredHistory | null = await ports.ledger.read(subject);
  for (;;) {
    const history = before?.history ?? emptyHistory;
    if (history.refuted.includes(content) === isRefuted) return;
    const { isWritten, stored } = await ports.ledger.replace(
      subject,
      before,
      markRefuted(history, { content, isRefuted }),
    );
    if (isWritten) return;
    before = stored;
  }
};

const giveUp = async ({ ports, event }: Confirmation, reason: string): Promise<Confirmed> => {
  await ports.queue.enqueue(queues.unrecognized, asUnrecognized(event, reason));
  return 'unrecognized';
};

const deliverConfirmed = async (confirmation: Confirmation, delivery: Delivery): Promise<Confirmed> => {
  await remember(confirmation, delivery, false);
  const delivered = await deliver(confirmation.ports, delivery, { isConfirmed: true });
  return 'reason' in delivered ? giveUp(confirmation, delivered.reason) : 'confirmed';
};

const deliverUnconfirmed = async (confirmation: Confirmation, delivery: Delivery): Promise<Confirmed> => {
  if (delivery.isAmbiguous) {
    return giveUp(
      confirmation,
      'the signed text could also be read with other members, and PayCools did not confirm it',
    );
  }
  const flags = [...new Set([...delivery.flags, 'unconfirmed' as const])];
  const delivered = await deliver(confirmation.ports, { ...delivery, flags });
  if (!('reason' in delivered)) return 'unconfirmed';
  return delivered.kind === 'refuted' ? 'refuted' : giveUp(confirmation, delivered.reason);
};

/**
 * Asks PayCools whether a callback is true. The verdict decides, not the admission: what PayCools confirms is delivered,
 * what it contradicts becomes a finding and is not history, and an event without an answer the last time is delivered with the flag
 * `unconfirmed`, or unrecognized where its signed text is ambiguous.
 *
 * @throws whatever the queue and the ledger throw; the callback then stays where it is
 */
export const confirmEvent = async (confirmation: Confirmation): Promise<Confirmed> => {
  const { ports, merchant, isLast } = confirmation;
  const delivery = understandAwaiting(ports.registry, merchant, confirmation.event);
  if (!delivery.ok) return giveUp(confirmation, delivery.error);
  const event = eventOf(delivery.value);
  const { verdict, theirs } = await ask(confirmation, event);
  if (verdict === 'agrees') return deliverConfirmed(confirmation, delivery.value);
  if (verdict === 'open' || verdict === 'absent') {
    return isLast ? deliverUnconfirmed(confirmation, delivery.value) : 'open';
  }
  await remember(confirmation, delivery.value, true);
  const summary = `PayCools was asked about it and contradicted it (${verdict}); it was not delivered.`;
  await report(confirmation, event, { kind: 'refuted', summary, theirs });
  return 'refuted';
};

/**
 * Asks once more about an event that was delivered without an answer. A disagreement becomes a finding; the event has
 * already been delivered.
 *
 * @throws whatever the queue and the ledger throw
 */
export const recheck = async (confirmation: Confirmation): Promise<Confirmed> => {
  const { ports, merchant, isLast } = confirmation;
  const delivery = understandAwaiting(ports.registry, merchant, confirmation.event);
  if (!delivery.ok) return 'unconfirmed'; // it was delivered, and this release no longer understands it
  const event = eventOf(delivery.value);
  const { verdict, theirs } = await ask(confirmation, event);
  if (verdict === 'agrees') return 'confirmed';
  if (verdict === 'open') return isLast ? 'unconfirmed' : 'open';
  await remember(confirmation, delivery.value, true);
  const kind = verdict === 'absent' || verdict === 'other-transaction' ? 'unknown-to-paycools' : verdict;
  await report(confirmation, event, { kind, summary: RECHECK_SUMMARIES[kind], theirs });
  return 'refuted';
};

const RECHECK_SUMMARIES = {
  'status-mismatch': 'It was delivered unconfirmed, and PayCools reports another status.',
  'amount-mismatch': 'It was delivered unconfirmed, and PayCools reports another amount or currency.',
  'order-mismatch': 'It was delivered unconfirmed, and PayCools reports another order.',
  'unknown-to-paycools': 'It was delivered unconfirmed, and PayCools does not know it.',
} as const;
