import { sourceOf } from '../core/cloud-event.ts';
import type { FindingEvent, Statement } from '../core/event.ts';
import { eventId } from '../core/event-id.ts';
import { queues } from '../core/queues.ts';
import { buildFinding } from '../receive/findings.ts';
import { latestFinal, sightingOf } from '../receive/history.ts';
import type { ComparedSubject, Comparison } from './compare.ts';
import { decideFamily } from './family.ts';
import { statementOfRow } from './mismatch.ts';
import type { OddRow } from './row.ts';
import type { RunContext, Tally } from './run-context.ts';

/** The product of a finding whose family could not be decided. */
const UNKNOWN_PRODUCT = 'unknown';

const recordedOf = ({ row, entry, comparison }: ComparedSubject): Statement | null => {
  const isSameStatus = comparison === 'amount-mismatch' || comparison === 'order-mismatch';
  const same = isSameStatus ? sightingOf(entry, row?.status ?? 'pending') : undefined;
  const sighting = same ?? latestFinal(entry) ?? entry?.sightings[0];
  return sighting?.statement ?? null;
};

const productOf = ({ ports }: RunContext, { row, entry }: ComparedSubject): string => {
  const family = decideFamily(ports.registry, row ?? { product: null, channelCode: null }, entry);
  return family.kind === 'known' ? family.product : UNKNOWN_PRODUCT;
};

/** One-sentence summary for an operator. */
const describeFinding = (kind: Exclude<Comparison, 'matched'>, { row, entry }: ComparedSubject): string => {
  const word = row?.rawStatus ?? '';
  const known = latestFinal(entry)?.statement.status ?? 'pending';
  switch (kind) {
    case 'missing':
      return `PayCools reports ${word}, but no event has reported it.`;
    case 'status-mismatch':
      return `PayCools reports ${word}, but the received events report ${known}.`;
    case 'amount-mismatch':
      return 'PayCools reports a different amount or currency from that of the received events.';
    case 'order-mismatch':
      return 'PayCools names a different order from that of the received events.';
    case 'unknown-to-paycools':
      return 'It was received, but PayCools has repeatedly replied that it does not know it.';
    case 'stuck-pending':
      return `It has been ${word} at PayCools since ${row?.createdAt ?? 'an unknown time'}.`;
  }
};

/** Attributes that all findings of a run have in common. */
const commonAttributes = ({ ports, merchant }: RunContext, subject: string) => ({
  source: sourceOf(merchant.name),
  subject,
  origin: 'reconciliation' as const,
  receivedat: new Date(ports.now()).toISOString(),
});

/** Adds a finding to the report and, unless this is a dry run, to the findings queue. */
const publish = async ({ ports, apply }: RunContext, tally: Tally, finding: FindingEvent): Promise<void> => {
  tally.findings.push(finding);
  if (apply) await ports.queue.enqueue(queues.findings, finding);
};

const buildDisagreement = (context: RunContext, compared: ComparedSubject, reason: string | null): FindingEvent => {
  const { subject, row, entry, comparison } = compared;
  if (comparison === 'matched') throw new TypeError('both sides agree: there is nothing to report');
  const recorded = recordedOf(compared);
  const received = statementOfRow(row);
  const [first] = entry?.sightings ?? [];
  const status = received?.status ?? recorded?.status ?? row?.rawStatus ?? '';
  const attributes = {
    ...commonAttributes(context, subject.id),
    product: productOf(context, compared),
    merchantOrderId: row?.merchantOrderId ?? first?.statement.merchantOrderId ?? null,
    transactionId: subject.id,
    eventId: eventId(context.merchant.name, subject, status),
  };
  const description = describeFinding(comparison, compared);
  const summary = reason === null ? description : `${description} It could not be emitted: ${reason}.`;
  return buildFinding(attributes, { kind: comparison, summary, recorded, received });
};

/** Reports a disagreement. */
export const reportFinding = (
  context: RunContext,
  tally: Tally,
  { compared, reason = null }: { readonly compared: ComparedSubject; readonly reason?: string | null },
): Promise<void> => publish(context, tally, buildDisagreement(context, compared, reason));

/** Reports a row that cannot be read. */
export const reportOddRow = (
  context: RunContext,
  tally: Tally,
  { product, key, transactionId, merchantOrderId, reason }: OddRow,
): Promise<void> => {
  const id = transactionId ?? key;
  const attributes = {
    ...commonAttributes(context, id),
    product: product ?? UNKNOWN_PRODUCT,
    merchantOrderId,
    transactionId,
    eventId: eventId(context.merchant.name, { kind: 'unreadable', id }, ''),
  };
  const summary = `The row from PayCools cannot be read (${reason}), so it was not compared.`;
  const finding = buildFinding(attributes, { kind: 'unreadable', summary, recorded: null, received: null });
  return publish(context, tally, finding);
};
