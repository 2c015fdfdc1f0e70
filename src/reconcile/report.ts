import type { DayWindow } from '../core/day.ts';
import type { FindingEvent, Statement } from '../core/event.ts';

/** A finding as the report shows it. */
export type ReportedFinding = {
  readonly kind: string;
  /** `unknown` where the family could not be decided. */
  readonly product: string;
  readonly transactionId: string | null;
  readonly merchantOrderId: string | null;
  /** Id of the event that it is about. */
  readonly eventId: string;
  readonly summary: string;
  /** What the ledger says and what PayCools says; null where that side knows nothing of it. */
  readonly recorded: Statement | null;
  readonly received: Statement | null;
};

/** What a run found. */
export type Report = {
  readonly merchant: string;
  readonly window: DayWindow & { readonly timeZone: string };
  /** Whether events and findings were put on their queues; otherwise nothing was changed. */
  readonly apply: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Transactions and refunds that PayCools listed, each once. */
  readonly rows: number;
  readonly matched: number;
  readonly emitted: number;
  /** Queries that PayCools did not answer as documented; their subjects were not compared. */
  readonly unanswered: number;
  /** How many findings of which kind, also beyond those that `findings` has room for. */
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly ReportedFinding[];
};

/** The numbers of a report, for logs and the job: no payment is named. */
export const summarizeReport = ({ merchant, window, rows, matched, emitted, unanswered, counts }: Report) => ({
  merchant,
  window,
  rows,
  matched,
  emitted,
  unanswered,
  findings: counts,
});

export const reportedFinding = ({ data }: FindingEvent): ReportedFinding => ({ ...data });

const COLUMNS = [
  'kind',
  'product',
  'transactionId',
  'merchantOrderId',
  'eventId',
  'recordedStatus',
  'recordedAmount',
  'receivedStatus',
  'receivedAmount',
  'summary',
] as const;

/** Quoted where it must be; a text that a spreadsheet would take for a formula is disarmed. */
const cell = (value: string | null | undefined): string => {
  const text = value ?? '';
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const cellsOf = (finding: ReportedFinding): Record<(typeof COLUMNS)[number], string | null | undefined> => ({
  ...finding,
  recordedStatus: finding.recorded?.status,
  recordedAmount: finding.recorded?.amount?.value,
  receivedStatus: finding.received?.status,
  receivedAmount: finding.received?.amount?.value,
});

/** The findings as CSV (RFC 4180), one a line, with a head. Amounts are pesos as decimal text. */
export const reportCsv = ({ findings }: Pick<Report, 'findings'>): string => {
  const lines = findings.map((finding) => {
    const cells = cellsOf(finding);
    return COLUMNS.map((column) => cell(cells[column])).join(',');
  });
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
};
