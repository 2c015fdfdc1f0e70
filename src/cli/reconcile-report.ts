import { shortType } from '../core/cloud-event.ts';
import { type EmittedEvent, otherFindings, type Report, type ReportedFinding } from '../reconcile/report.ts';
import { counted, formatTime, paint } from './format.ts';
import type { Io } from './io.ts';
import { amountColumn, amountText, orderColumn, transactionColumn } from './payment-columns.ts';
import { type Column, showTable } from './table.ts';

const timeText = (io: Io, time: string | null): string | null =>
  time === null ? null : formatTime(io, Date.parse(time));

const eventColumns = (io: Io, apply: boolean): readonly Column<EmittedEvent>[] => [
  { title: 'WHAT', text: () => (apply ? 'emitted' : 'missing') },
  { title: 'EVENT', text: ({ type }) => shortType(type).replace('.', ' ') },
  orderColumn,
  transactionColumn,
  amountColumn,
  { title: 'COMPLETED', text: ({ completedAt }) => timeText(io, completedAt) },
];

const findingColumns: readonly Column<ReportedFinding>[] = [
  { title: 'FINDING', text: ({ kind }) => kind, style: () => 'yellow' },
  { title: 'PRODUCT', text: ({ product }) => product },
  orderColumn,
  transactionColumn,
  { title: 'RECEIVED', text: ({ recorded }) => sideText(recorded) },
  { title: 'PAYCOOLS', text: ({ received }) => sideText(received) },
  { title: 'SUMMARY', text: ({ summary }) => summary },
];

const sideText = (side: ReportedFinding['recorded']): string | null =>
  side === null ? null : [side.status, amountText(side.amount)].filter((it) => it !== null).join(' ');

/** The summary of a run, one fact per line. */
const summaryLines = (io: Io, report: Report): readonly string[] => {
  const { merchant, window, rows, matched, emitted, unreadable, findings, apply, refunds, resolved, passes } = report;
  const odd = unreadable === 0 ? '' : `, ${unreadable} unreadable`;
  return [
    `${merchant}, ${window.from} to ${window.to} (${window.timeZone})`,
    `${counted(rows, 'row')}, ${matched} matched, ${emitted} emitted, ${counted(findings.length, 'finding')}${odd}`,
    ...(apply ? [] : ['A dry run: nothing was changed. --apply emits what is missing and reports disagreements.']),
    `run ${report.id}: statements read in ${passes === 1 ? '1 pass' : `${passes} passes`}, ${refunds.requests} of ${counted(refunds.budget, 'request')} for refunds of older payments${resolved === 0 ? '' : `, ${counted(resolved, 'earlier finding')} resolved`}`,
    ...(report.incomplete ? [paint(io, 'red', 'INCOMPLETE: not everything could be read. Run it again later.')] : []),
    ...report.leftOut.map(({ what, reason }) => `  left out: ${what}: ${reason}`),
  ];
};

/** Shows a report to people: a summary, emitted events and findings. */
export const showReport = (io: Io, report: Report): void => {
  const { events, apply } = report;
  io.out(`${summaryLines(io, report).join('\n')}\n`);
  const findings = otherFindings(report);
  if (events.length > 0) {
    io.out(`\n${apply ? 'Emitted' : 'Would be emitted'}:\n`);
    showTable(io, { rows: events, columns: eventColumns(io, apply), json: false });
  }
  if (findings.length > 0) {
    io.out('\nFindings:\n');
    showTable(io, { rows: findings, columns: findingColumns, json: false });
  }
};

/** Lists runs. */
export const showRuns = (io: Io, runs: readonly Report[], json: boolean | undefined): void =>
  showTable(io, {
    rows: runs.map(({ events: _events, findings: _findings, leftOut: _leftOut, ...run }) => run),
    json,
    columns: [
      { title: 'RUN', text: ({ id }) => id, isId: true },
      { title: 'FINISHED', text: ({ finishedAt }) => formatTime(io, Date.parse(finishedAt)) },
      { title: 'FROM', text: ({ window }) => window.from },
      { title: 'TO', text: ({ window }) => window.to },
      { title: 'MODE', text: ({ apply }) => (apply ? 'applied' : 'dry run') },
      { title: 'ROWS', text: ({ rows }) => rows, align: 'right' },
      { title: 'EMITTED', text: ({ emitted }) => emitted, align: 'right' },
      {
        title: 'FINDINGS',
        text: ({ counts }) => Object.values(counts).reduce((sum, it) => sum + it, 0),
        align: 'right',
      },
      { title: 'COMPLETE', text: ({ incomplete }) => (incomplete ? 'no' : 'yes') },
    ],
  });
