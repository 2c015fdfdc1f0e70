import { csvText } from '../core/csv.ts';
import type { DayWindow } from '../core/day.ts';
import type { FindingEvent, PaymentEvent, Statement } from '../core/event.ts';

/** A page, query or list that was left out, and why. */
export type LeftOut = { readonly what: string; readonly reason: string };

/** An event that a run emitted, or would emit, as far as the report shows it. */
export type EmittedEvent = Pick<PaymentEvent, 'type'> &
  Pick<PaymentEvent['data'], 'product' | 'status' | 'transactionId' | 'merchantOrderId' | 'amount' | 'completedAt'> & {
    readonly eventId: string;
  };

export const emittedOf = ({ id, type, data }: PaymentEvent): EmittedEvent => ({
  eventId: id,
  type,
  product: data.product,
  status: data.status,
  transactionId: data.transactionId,
  merchantOrderId: data.merchantOrderId,
  amount: data.amount,
  completedAt: data.completedAt,
});

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
  /** When it was found, ISO 8601 in UTC. */
  readonly foundAt: string;
  /** What the ledger says and what PayCools says; null where that side knows nothing of it. */
  readonly recorded: Statement | null;
  readonly received: Statement | null;
};

/** What a run counts. */
export type Counts = {
  /** Transactions and refunds that PayCools listed, each once, those that cannot be read included. */
  readonly rows: number;
  readonly matched: number;
  readonly emitted: number;
  /** Rows that cannot be read. */
  readonly unreadable: number;
  /** Queries that PayCools did not answer as documented; their subjects were not compared. */
  readonly unanswered: number;
  /** Passes over statements: one each, and more while they changed. */
  readonly passes: number;
  /** Refunds asked for in rotation: requests. */
  readonly refundRequests: number;
  /** Findings of earlier runs on which both sides agree now. */
  readonly resolved: number;
};

/** What a run found. */
export type Report = Omit<Counts, 'refundRequests'> & {
  /** Id of the run. */
  readonly id: string;
  readonly merchant: string;
  readonly window: DayWindow & { readonly timeZone: string };
  /** Whether events and findings were put on their queues; otherwise nothing was changed. */
  readonly apply: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Whether pages or queries had to be left out; the next run comes back to them. */
  readonly incomplete: boolean;
  /** Refunds of payments before the window: requests made, and how many a run may make. */
  readonly refunds: { readonly requests: number; readonly budget: number };
  /** How many findings of which kind, also beyond those that `findings` has room for. */
  readonly counts: Readonly<Record<string, number>>;
  /** Pages and queries that could not be read, and why. */
  readonly leftOut: readonly LeftOut[];
  /** What was emitted; in a dry run, what would be. */
  readonly events: readonly EmittedEvent[];
  readonly findings: readonly ReportedFinding[];
};

/** The numbers of a report, for logs and the job: no payment is named. */
export const summarizeReport = ({ events: _events, findings: _findings, counts, ...numbers }: Report) => ({
  ...numbers,
  findings: counts,
});

/** The findings of a report for people: what is missing and listed among the events is not shown twice. */
export const otherFindings = ({ events, findings }: Report): readonly ReportedFinding[] => {
  const listed = new Set(events.map(({ eventId }) => eventId));
  return findings.filter(({ kind, eventId }) => kind !== 'missing' || !listed.has(eventId));
};

export const reportedFinding = ({ data, time }: FindingEvent): ReportedFinding => ({ ...data, foundAt: time });

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
  'completedAt',
  'foundAt',
] as const;

type Cells = Partial<Record<(typeof COLUMNS)[number], string | null | undefined>>;

const findingCells = (finding: ReportedFinding): Cells => ({
  ...finding,
  recordedStatus: finding.recorded?.status,
  recordedAmount: finding.recorded?.amount?.value,
  receivedStatus: finding.received?.status,
  receivedAmount: finding.received?.amount?.value,
});

const eventCells = ({ type, status, amount, ...event }: EmittedEvent): Cells => ({
  ...event,
  kind: 'emitted',
  receivedStatus: status,
  receivedAmount: amount?.value,
  summary: type,
});

/**
 * What was emitted and found as CSV (RFC 4180), one a line, with a head. Amounts are pesos as decimal text. What a dry run
 * would emit is among its findings, as `missing`.
 */
export const reportCsv = ({ apply, events, findings }: Pick<Report, 'apply' | 'events' | 'findings'>): string => {
  const rows = [...(apply ? events.map(eventCells) : []), ...findings.map(findingCells)];
  return csvText(COLUMNS, rows);
};
