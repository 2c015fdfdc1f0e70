import type { Report } from '../../reconcile/report.ts';
import { type Html, html } from '../html.ts';
import { type Column, emptyState, numberOf, tableOf, timeIn } from './format.ts';

const daysOf = ({ window }: Report): string =>
  window.from === window.to ? window.from : `${window.from} to ${window.to}`;

const count = (title: string, of: (report: Report) => number): Column<Report> => ({
  title,
  isNumber: true,
  cell: (report) => numberOf(of(report)),
});

const findingsOf = ({ counts }: Report): Html => {
  const kinds = Object.entries(counts).filter(([, found]) => found > 0);
  return html`${kinds.length === 0 ? 'none' : kinds.map(([kind, found]) => html`<span class="flag">${kind} ${numberOf(found)}</span> `)}`;
};

const COLUMNS: readonly Column<Report>[] = [
  {
    title: 'Finished',
    cell: ({ id, finishedAt, window }) =>
      html`<a href="/console/reconciliation/${encodeURIComponent(id)}">${timeIn(Date.parse(finishedAt), window.timeZone)}</a>`,
  },
  { title: 'Merchant', cell: ({ merchant }) => merchant },
  { title: 'Days', cell: daysOf },
  { title: 'Mode', cell: ({ apply }) => (apply ? 'applied' : 'dry run') },
  count('Rows', ({ rows }) => rows),
  count('Matched', ({ matched }) => matched),
  count('Emitted', ({ emitted }) => emitted),
  count('Unanswered', ({ unanswered }) => unanswered),
  { title: 'Findings', cell: findingsOf },
];

export const reconciliationView = (reports: readonly Report[]): Html =>
  html`<p class="aside">Open a run to see what it emitted and found. Findings that are still open are listed under <a href="/console/findings">Findings</a>.</p>${
    reports.length === 0
      ? emptyState('No runs yet. Set RECONCILE_SCHEDULE, or run paycools reconcile.')
      : tableOf('Runs', COLUMNS, reports)
  }`;
