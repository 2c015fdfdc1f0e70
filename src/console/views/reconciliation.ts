import type { FindingEvent, Statement } from '../../core/event.ts';
import type { Report } from '../../reconcile/report.ts';
import { type Html, html } from '../html.ts';
import { callbackPath, emptyState, numberOf, tableOf, timeOf } from './format.ts';

const sideOf = (statement: Statement | null): string =>
  statement === null
    ? '–'
    : [statement.status, statement.amount === null ? null : `${statement.amount.currency} ${statement.amount.value}`]
        .filter((it) => it !== null)
        .join(', ');

const runsTable = (reports: readonly Report[]): Html => {
  if (reports.length === 0) return emptyState('No runs yet. Set RECONCILE_SCHEDULE, or run paycools reconcile.');
  const columns = [
    { title: 'Finished (UTC)' },
    { title: 'Merchant' },
    { title: 'Days' },
    { title: 'Mode' },
    ...['Rows', 'Matched', 'Emitted', 'Unanswered'].map((title) => ({ title, isNumber: true })),
    { title: 'Findings' },
  ];
  const rows = reports.map(({ merchant, window, apply, finishedAt, counts, ...report }) => {
    const kinds = Object.entries(counts).filter(([, count]) => count > 0);
    return html`<tr>
<td>${timeOf(Date.parse(finishedAt))}</td><td>${merchant}</td>
<td>${window.from === window.to ? window.from : `${window.from} to ${window.to}`}</td><td>${apply ? 'applied' : 'dry run'}</td>
${[report.rows, report.matched, report.emitted, report.unanswered].map((count) => html`<td class="number">${numberOf(count)}</td>`)}
<td>${kinds.length === 0 ? 'none' : kinds.map(([kind, count]) => html`<span class="flag">${kind} ${numberOf(count)}</span> `)}</td>
</tr>`;
  });
  return tableOf('Runs', columns, rows);
};

const findingsTable = (findings: readonly FindingEvent[]): Html => {
  if (findings.length === 0) return emptyState('No findings: PayCools and the received events agree.');
  const columns = ['Found (UTC)', 'Kind', 'Product', 'Transaction', 'Recorded', 'Received', 'Summary'].map((title) => ({
    title,
  }));
  const rows = findings.map(({ receivedat, data }) => {
    const { kind, product, transactionId, recorded, received, summary } = data;
    return html`<tr>
<td>${timeOf(Date.parse(receivedat))}</td><td><span class="flag">${kind}</span></td><td>${product}</td>
<td class="id">${transactionId === null ? '–' : html`<a href="${callbackPath(transactionId)}">${transactionId}</a>`}</td>
<td>${sideOf(recorded)}</td><td>${sideOf(received)}</td><td>${summary}</td>
</tr>`;
  });
  return tableOf('Findings', columns, rows);
};

export type ReconciliationView = {
  readonly reports: readonly Report[];
  readonly findings: readonly FindingEvent[];
};

/** Reconciliation runs, and findings. */
export const reconciliationView = ({ reports, findings }: ReconciliationView): Html => html`
<section aria-labelledby="findings"><h2 id="findings">Findings</h2>${findingsTable(findings)}</section>
<section aria-labelledby="runs"><h2 id="runs">Runs</h2>${runsTable(reports)}</section>`;
