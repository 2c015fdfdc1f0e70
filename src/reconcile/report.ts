import { csvText } from '../core/csv.ts';
import type { DayWindow } from '../core/day.ts';
import type { FindingData, FindingEvent, PaymentEvent } from '../core/event.ts';

/** A page, query or list that could not be read, and why. */
export type LeftOut = { readonly what: string; readonly reason: string };

/** The part of an emitted event that the report shows. */
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

/** A finding as the report shows it: `product` is `unknown` if the family could not be decided. */
export type ReportedFinding = FindingData & {
  /** When it was found, ISO 8601 in UTC. */
  readonly foundAt: string;
};

/** The counters of a run. */
export type Counts = {
  /** Distinct transactions and refunds that PayCools listed, including unreadable ones. */
  readonly rows: number;
  readonly matched: number;
  readonly emitted: number;
  /** Rows that cannot be read. */
  readonly unreadable: number;
  /** Queries without a usable reply; their subjects were not compared. */
  readonly unanswered: number;
  /** Passes over statements: one for each, and more for those that changed meanwhile. */
  readonly passes: number;
  /** Requests of the rotation over refunds of older payments. */
  readonly refundRequests: number;
  /** Findings of earlier runs that were resolved, because both sides now agree. */
  readonly resolved: number;
};

/** The result of a run. */
export type Report = Omit<Counts, 'refundRequests'> & {
  /** Id of the run. */
  readonly id: string;
  readonly merchant: string;
  readonly window: DayWindow & { readonly timeZone: string };
  /** Whether events and findings were enqueued; false for a dry run, which changes nothing. */
  readonly apply: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Whether pages or queries were left out; the next run tries them again. */
  readonly incomplete: boolean;
  /** Refund requests for payments before the window, and the maximum per run. */
  readonly refunds: { readonly requests: number; readonly budget: number };
  /** Number of findings by kind. `findings` may hold fewer, because the store limits their number. */
  readonly counts: Readonly<Record<string, number>>;
  readonly leftOut: readonly LeftOut[];
  /** Emitted events; in a dry run, those that would be emitted. */
  readonly events: readonly EmittedEvent[];
  readonly findings: readonly ReportedFinding[];
};

/** The numbers of a report, for logs and job results. Names no payment. */
export const summarizeReport = ({ events: _events, findings: _findings, counts, ...numbers }: Report) => ({
  ...numbers,
  findings: counts,
});

/** The findings to show beside the events: a `missing` finding is omitted if its event is listed. */
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
 * Emitted events and findings as CSV (RFC 4180) with a header, one per line. Amounts are in pesos, as decimal text. A
 * dry run lists what it would emit as `missing` findings only.
 */
export const reportCsv = ({ apply, events, findings }: Pick<Report, 'apply' | 'events' | 'findings'>): string => {
  const rows = [...(apply ? events.map(eventCells) : []), ...findings.map(findingCells)];
  return csvText(COLUMNS, rows);
};
