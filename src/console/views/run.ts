import { shortType } from '../../core/cloud-event.ts';
import { type EmittedEvent, otherFindings, type Report, type ReportedFinding } from '../../reconcile/report.ts';
import { type Content, type Html, html } from '../html.ts';
import { type Column, emptyState, factsOf, idLink, moneyOf, numberOf, statementOf, tableOf, timeIn } from './format.ts';

const eventColumns = (zone: string): readonly Column<EmittedEvent>[] => [
  { title: 'Event', cell: ({ type }) => shortType(type) },
  {
    title: 'Order',
    className: 'id',
    cell: ({ merchantOrderId, transactionId }) => idLink(merchantOrderId ?? transactionId),
  },
  { title: 'Transaction', className: 'id', cell: ({ transactionId }) => idLink(transactionId) },
  { title: 'Amount', isNumber: true, cell: ({ amount }) => moneyOf(amount) },
  {
    title: 'Completed',
    cell: ({ completedAt }) => (completedAt === null ? '–' : timeIn(Date.parse(completedAt), zone)),
  },
];

const findingColumns: readonly Column<ReportedFinding>[] = [
  { title: 'Finding', cell: ({ kind }) => html`<span class="flag">${kind}</span>` },
  { title: 'Product', cell: ({ product }) => product },
  {
    title: 'Order',
    className: 'id',
    cell: ({ merchantOrderId, transactionId }) => idLink(merchantOrderId ?? transactionId),
  },
  { title: 'Transaction', className: 'id', cell: ({ transactionId }) => idLink(transactionId) },
  { title: 'Received', cell: ({ recorded }) => statementOf(recorded) },
  { title: 'PayCools', cell: ({ received }) => statementOf(received) },
  { title: 'Summary', cell: ({ summary }) => summary },
];

const leftOutOf = ({ incomplete, leftOut }: Report): Content =>
  incomplete &&
  html`<div class="notice bad"><strong>Incomplete: the following could not be read. The next run tries again.</strong><ul>${leftOut.map(
    ({ what, reason }) => html`<li>${what}: ${reason}</li>`,
  )}</ul></div>`;

/** A stored report is bounded, so it may hold fewer rows than the run produced. */
const boundNote = (shown: number, total: number): Content =>
  shown < total && html`<p class="aside">The first ${numberOf(shown)} of ${numberOf(total)} are kept.</p>`;

const section = (id: string, title: string, content: Content): Html =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;

const numbersOf = (report: Report): Html => {
  const { merchant, window, apply, startedAt, finishedAt, rows, matched } = report;
  return factsOf([
    ['Merchant', merchant],
    ['Days', `${window.from} to ${window.to} (${window.timeZone})`],
    ['Mode', apply ? 'applied' : 'dry run: nothing was changed'],
    ['Started', timeIn(Date.parse(startedAt), window.timeZone)],
    ['Finished', timeIn(Date.parse(finishedAt), window.timeZone)],
    [
      'Rows',
      `${numberOf(rows)}, of which ${numberOf(matched)} matched and ${numberOf(report.unreadable)} could not be read`,
    ],
    ['Statements', `read in ${numberOf(report.passes)} ${report.passes === 1 ? 'pass' : 'passes'}`],
    [
      'Refunds of older payments',
      `${numberOf(report.refunds.requests)} of ${numberOf(report.refunds.budget)} requests`,
    ],
    ['Earlier findings resolved', numberOf(report.resolved)],
  ]);
};

/** One reconciliation: its numbers, what it emitted, and what it found. */
export const runView = (report: Report): Html => {
  const { id, window, apply, emitted, events, counts } = report;
  const findings = otherFindings(report);
  const total = Object.values(counts).reduce((sum, it) => sum + it, 0);
  return html`${leftOutOf(report)}${numbersOf(report)}
<p><a class="button" href="/console/reconciliation/${encodeURIComponent(id)}/csv" download>CSV</a> <a class="button" href="/console/reconciliation">All runs</a></p>
${section(
  'emitted',
  apply ? 'Emitted' : 'Would be emitted',
  events.length === 0
    ? emptyState('Nothing was missing.')
    : [
        tableOf('Events', eventColumns(window.timeZone), events),
        boundNote(events.length, apply ? emitted : events.length),
      ],
)}
${section(
  'found',
  'Findings',
  findings.length === 0
    ? emptyState('No findings.')
    : [tableOf('Findings', findingColumns, findings), boundNote(report.findings.length, total)],
)}`;
};
