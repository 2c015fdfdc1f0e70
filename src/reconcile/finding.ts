import { sourceOf } from '../core/cloud-event.ts';
import type { FindingEvent, Statement } from '../core/event.ts';
import { eventId } from '../core/event-id.ts';
import { queues } from '../core/queues.ts';
import { buildFinding } from '../receive/findings.ts';
import { latestFinal, sightingOf } from '../receive/history.ts';
import type { Compared } from './compare.ts';
import { familyOf } from './family.ts';
import { receivedOf } from './mismatch.ts';
import type { OddRow } from './row.ts';
import type { RunContext, Tally } from './run-context.ts';

/** Stands for a family that could not be decided. */
const UNDECIDED = 'unknown';

const recordedOf = ({ row, entry, comparison }: Compared): Statement | null => {
  const isSameStatus = comparison === 'amount-mismatch' || comparison === 'order-mismatch';
  const same = isSameStatus ? sightingOf(entry, row?.status ?? 'pending') : undefined;
  const sighting = same ?? latestFinal(entry) ?? entry?.sightings[0];
  return sighting?.statement ?? null;
};

const productOf = ({ ports }: RunContext, { row, entry }: Compared): string => {
  const family = familyOf(ports.registry, row ?? { product: null, channelCode: null }, entry);
  return family.kind === 'known' ? family.product : UNDECIDED;
};

/** One-sentence summary for an operator. */
const describeFinding = ({ comparison, row, entry }: Compared): string => {
  const word = row?.rawStatus ?? '';
  const known = latestFinal(entry)?.statement.status ?? 'pending';
  switch (comparison) {
    case 'missing':
      return `PayCools says ${word}, and no event has reported it.`;
    case 'status-mismatch':
      return `PayCools says ${word}, and what was received says ${known}.`;
    case 'amount-mismatch':
      return 'PayCools reports another amount or currency than what was received.';
    case 'order-mismatch':
      return 'PayCools names another order than what was received.';
    case 'unknown-to-paycools':
      return 'It was received, and PayCools has said repeatedly that it does not know it.';
    case 'stuck-pending':
      return `PayCools says ${word} since ${row?.createdAt ?? 'long ago'}.`;
    case 'matched':
      return 'Both sides agree.';
  }
};

/** The attributes of every finding of a run. */
const foundBy = ({ ports, merchant }: RunContext, subject: string) => ({
  source: sourceOf(merchant.name),
  subject,
  origin: 'reconciliation' as const,
  receivedat: new Date(ports.now()).toISOString(),
});

/** Puts a finding into the report, and, where the run applies what it finds, on the queue of findings. */
const report = async ({ ports, apply }: RunContext, tally: Tally, finding: FindingEvent): Promise<void> => {
  tally.findings.push(finding);
  if (apply) await ports.queue.enqueue(queues.findings, finding);
};

const findingOf = (context: RunContext, compared: Compared, reason: string | null): FindingEvent => {
  const { subject, row, entry, comparison } = compared;
  if (comparison === 'matched') throw new TypeError('both sides agree: there is nothing to report');
  const recorded = recordedOf(compared);
  const received = receivedOf(row);
  const [first] = entry?.sightings ?? [];
  const status = received?.status ?? recorded?.status ?? row?.rawStatus ?? '';
  const about = {
    ...foundBy(context, subject.id),
    product: productOf(context, compared),
    merchantOrderId: row?.merchantOrderId ?? first?.statement.merchantOrderId ?? null,
    transactionId: subject.id,
    eventId: eventId(context.merchant.name, subject, status),
  };
  const summary =
    reason === null ? describeFinding(compared) : `${describeFinding(compared)} It could not be emitted: ${reason}.`;
  return buildFinding(about, { kind: comparison, summary, recorded, received });
};

/** Reports a disagreement. */
export const reportFinding = (
  context: RunContext,
  tally: Tally,
  { compared, reason = null }: { readonly compared: Compared; readonly reason?: string | null },
): Promise<void> => report(context, tally, findingOf(context, compared, reason));

/** Reports a row that cannot be read. */
export const reportOdd = (
  context: RunContext,
  tally: Tally,
  { product, key, transactionId, merchantOrderId, reason }: OddRow,
): Promise<void> => {
  const id = transactionId ?? key;
  const about = {
    ...foundBy(context, id),
    product: product ?? UNDECIDED,
    merchantOrderId,
    transactionId,
    eventId: eventId(context.merchant.name, { kind: 'unreadable', id }, ''),
  };
  const summary = `Its row cannot be read (${reason}), so it was not compared.`;
  const finding = buildFinding(about, { kind: 'unreadable', summary, recorded: null, received: null });
  return report(context, tally, finding);
};
