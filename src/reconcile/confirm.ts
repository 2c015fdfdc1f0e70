import { dayOf } from '../core/day.ts';
import type { FindingKind, PaymentEvent, Statement } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { HOUR_MS } from '../core/time.ts';
import { AMBIGUOUS } from '../products/interpret.ts';
import { contentOf, type DeliverPorts, deliver, resolveSubject } from '../receive/deliver.ts';
import { buildFinding, findingSubjectOf, statementOf } from '../receive/findings.ts';
import { emptyHistory, markRefuted } from '../receive/history.ts';
import type { Confirmable, Merchant, StoredHistory } from '../receive/ports.ts';
import { type AwaitingEvent, type Delivery, eventOf, understandAwaiting } from '../receive/understand.ts';
import { asUnrecognized } from '../receive/unrecognized.ts';
import { mismatchOf, statementOfRow } from './mismatch.ts';
import type { Provider, QueryResult, SubjectQuery } from './ports.ts';
import { queries } from './queries.ts';

/** How long an event may wait for confirmation, in milliseconds. */
export const CONFIRMATION_TIMEOUT_MS = 60_000;

/** Delay before an event that was delivered unconfirmed is checked again, in milliseconds. */
export const RECHECK_DELAY_MS = HOUR_MS;

/** The provider of a merchant without API settings: every query stays unanswered. */
export const NO_PROVIDER: Pick<Provider, 'ask'> = { ask: async () => ({ kind: 'unanswered' }) };

/** A callback that awaits confirmation, and what is needed to decide about it. */
export type Confirmation = {
  readonly ports: DeliverPorts;
  readonly provider: Pick<Provider, 'ask'>;
  readonly merchant: Merchant;
  readonly event: AwaitingEvent;
  /** Whether this is the last attempt. */
  readonly isLast: boolean;
};

/**
 * - `confirmed`: PayCools agrees.
 * - `refuted`: PayCools contradicted it; it is not delivered.
 * - `unconfirmed`: delivered without an answer from PayCools, to be rechecked.
 * - `unrecognized`: not delivered, because it cannot be trusted without an answer.
 * - `open`: PayCools must be asked again.
 */
export type ConfirmationOutcome = 'confirmed' | 'refuted' | 'unconfirmed' | 'unrecognized' | 'open';

type Verdict = 'agrees' | 'open' | 'absent' | 'other-transaction' | Extract<FindingKind, `${string}-mismatch`>;

const queryFor = (
  { product, transactionId, merchantOrderId, createdAt }: Confirmable,
  timeZone: string,
): SubjectQuery => ({
  subject: { kind: queries.get(product)?.kind ?? '', id: transactionId ?? '' },
  merchantOrderId,
  day: createdAt === null ? null : dayOf(Date.parse(createdAt), timeZone),
});

/** Whether PayCools has a query for this event, and the event has the ids that the query needs. */
export const canConfirm = (about: Confirmable, timeZone: string): boolean =>
  about.transactionId !== null && queries.get(about.product)?.isAnswerable(queryFor(about, timeZone)) === true;

/** `pending` counts as no answer yet, because PayCools's query may lag behind its callback. */
const judge = (answer: QueryResult, event: PaymentEvent): Verdict => {
  if (answer.kind === 'unanswered') return 'open';
  if (answer.kind !== 'found') return answer.kind;
  const theirs = statementOfRow(answer.row);
  if (theirs === null || theirs.status === 'pending') return 'open';
  return mismatchOf(statementOf(event), theirs) ?? 'agrees';
};

const ask = async (
  { provider, merchant }: Confirmation,
  event: PaymentEvent,
): Promise<{ readonly verdict: Verdict; readonly theirs: Statement | null }> => {
  const answer = await provider.ask(event.data.product, queryFor(event.data, merchant.timeZone));
  const theirs = 'row' in answer ? statementOfRow(answer.row) : null;
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

/** Records whether PayCools contradicted this content, so that no other path (such as a replay) delivers it later. */
const recordRefuted = async ({ ports }: Confirmation, delivery: Delivery, isRefuted: boolean): Promise<void> => {
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

const giveUp = async ({ ports, event }: Confirmation, reason: string): Promise<ConfirmationOutcome> => {
  await ports.queue.enqueue(queues.unrecognized, asUnrecognized(event, reason));
  return 'unrecognized';
};

const deliverConfirmed = async (confirmation: Confirmation, delivery: Delivery): Promise<ConfirmationOutcome> => {
  await recordRefuted(confirmation, delivery, false);
  const delivered = await deliver(confirmation.ports, delivery, { isConfirmed: true });
  return 'reason' in delivered ? giveUp(confirmation, delivered.reason) : 'confirmed';
};

const deliverUnconfirmed = async (confirmation: Confirmation, delivery: Delivery): Promise<ConfirmationOutcome> => {
  if (delivery.isAmbiguous) {
    return giveUp(confirmation, `${AMBIGUOUS}, and PayCools did not confirm it`);
  }
  const flags = [...new Set([...delivery.flags, 'unconfirmed' as const])];
  const delivered = await deliver(confirmation.ports, { ...delivery, flags });
  if (!('reason' in delivered)) return 'unconfirmed';
  return delivered.kind === 'refuted' ? 'refuted' : giveUp(confirmation, delivered.reason);
};

/**
 * Asks PayCools whether a callback is true. A confirmed event is delivered. A contradicted one becomes a finding and
 * does not count as history. After the last attempt, an event without an answer is delivered with the flag
 * `unconfirmed`, or put on `{unrecognized}` if its signed text is ambiguous.
 *
 * @throws whatever the queue and the ledger throw; the callback then remains on the confirmation queue
 */
export const confirmEvent = async (confirmation: Confirmation): Promise<ConfirmationOutcome> => {
  const { ports, merchant, isLast } = confirmation;
  const delivery = understandAwaiting(ports.registry, merchant, confirmation.event);
  if (!delivery.ok) return giveUp(confirmation, delivery.error);
  const event = eventOf(delivery.value);
  const { verdict, theirs } = await ask(confirmation, event);
  if (verdict === 'agrees') return deliverConfirmed(confirmation, delivery.value);
  if (verdict === 'open' || verdict === 'absent') {
    return isLast ? deliverUnconfirmed(confirmation, delivery.value) : 'open';
  }
  await recordRefuted(confirmation, delivery.value, true);
  const summary = `PayCools was asked about it and contradicted it (${verdict}); it was not delivered.`;
  await report(confirmation, event, { kind: 'refuted', summary, theirs });
  return 'refuted';
};

/**
 * Asks again about an event that was delivered unconfirmed, and reports a disagreement as a finding.
 *
 * @throws whatever the queue and the ledger throw
 */
export const recheck = async (confirmation: Confirmation): Promise<ConfirmationOutcome> => {
  const { ports, merchant, isLast } = confirmation;
  const delivery = understandAwaiting(ports.registry, merchant, confirmation.event);
  if (!delivery.ok) return 'unconfirmed'; // delivered by a release that still understood it
  const event = eventOf(delivery.value);
  const { verdict, theirs } = await ask(confirmation, event);
  if (verdict === 'agrees') return 'confirmed';
  if (verdict === 'open') return isLast ? 'unconfirmed' : 'open';
  await recordRefuted(confirmation, delivery.value, true);
  const kind = verdict === 'absent' || verdict === 'other-transaction' ? 'unknown-to-paycools' : verdict;
  await report(confirmation, event, { kind, summary: RECHECK_SUMMARIES[kind], theirs });
  return 'refuted';
};

const RECHECK_SUMMARIES = {
  'status-mismatch': 'It was delivered unconfirmed, and PayCools reports a different status.',
  'amount-mismatch': 'It was delivered unconfirmed, and PayCools reports a different amount or currency.',
  'order-mismatch': 'It was delivered unconfirmed, and PayCools names a different order.',
  'unknown-to-paycools': 'It was delivered unconfirmed, and PayCools does not know it.',
} as const;
