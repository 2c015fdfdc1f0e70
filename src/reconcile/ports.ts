import type { FindingEvent, PaymentEvent } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { Counts, EmittedEvent, LeftOut, Report } from './report.ts';
import type { OddRow, Row } from './row.ts';

/** One of the four views of a day: two statements, each by day of creation or of completion (docs/paycools.md 8.2). */
export type StatementView = {
  readonly statement: 'payment' | 'payout';
  readonly by: 'createDate' | 'completeDate';
  /** `yyyy-MM-dd` in PayCools's time zone. */
  readonly day: string;
};

/** The rows of a page or a list: readable and unreadable ones. */
export type ReadRows = { readonly rows: readonly Row[]; readonly odd: readonly OddRow[] };

/** Why a page or a list could not be read at all: one sentence, without values. */
export type ReadFailure = { readonly reason: string };

/** What a query about one subject can use to identify it. */
export type SubjectQuery = {
  readonly subject: Subject;
  readonly merchantOrderId: string | null;
  /** Day of creation, `yyyy-MM-dd`; null if unknown. */
  readonly day: string | null;
};

/**
 * What a query returned about one subject. `unanswered` has a reason if PayCools was asked and gave no usable reply,
 * and none if PayCools cannot be asked: there is no such query, an id is missing, or API settings are.
 */
export type QueryResult =
  | { readonly kind: 'found'; readonly row: Row }
  /** The order belongs to another transaction, although an order of this family has only one. */
  | { readonly kind: 'other-transaction'; readonly row: Row }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unanswered'; readonly reason?: string };

/** PayCools's side. */
export interface Provider {
  /**
   * One page of a view.
   *
   * @param page from 1
   * @throws PaycoolsError if PayCools refuses or does not answer before anything was read
   */
  page(view: StatementView, page: number): Promise<ReadRows | ReadFailure>;
  /** Moving average of the reply time, in milliseconds. */
  latencyMs(): number;
  /** Whether PayCools has a query for subjects of this kind and family. */
  canAsk(product: string, subject: Subject): boolean;
  /** Families that collect payments: the candidates for a payment whose family is unknown. */
  readonly collections: readonly string[];
  /** Families that list the payments into a code or an account. */
  readonly lists: readonly string[];
  ask(product: string, query: SubjectQuery): Promise<QueryResult>;
  /** The refunds of a payment. */
  refunds(originalTransactionId: string): Promise<ReadRows | ReadFailure>;
  /** The payments into a code or an account on one day. */
  payments(
    product: string,
    order: { readonly merchantOrderId: string; readonly day: string },
  ): Promise<ReadRows | ReadFailure>;
}

/** The state of a run, stored after each page, so that a killed run can resume. */
export type Progress = Counts & {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Index of the current step, from 0. */
  readonly step: number;
  /** Where the step continues: the next page of a statement, or the cursor of a scan; null at its beginning. */
  readonly cursor: string | null;
  /** Number of findings by kind. */
  readonly findings: Readonly<Record<string, number>>;
  /** The first pages, queries and lists that could not be read. */
  readonly leftOut: readonly LeftOut[];
};

/** The results of a page, stored together with the progress. */
export type PageResults = {
  /** The state in which each row or list was seen, by its key. */
  readonly seen: ReadonlyMap<string, string>;
  readonly findings: readonly FindingEvent[];
  /** Events that were emitted, or would be in a dry run. */
  readonly events: readonly EmittedEvent[];
};

/** Position of the rotation over older payments: a day, a page of its subjects, and the next payment on that page. */
export type RotationPosition = { readonly day: string; readonly cursor: string | null; readonly index: number };

/** Identifies a run: a different merchant, window or mode is a different run. */
export type RunName = { readonly merchant: string; readonly run: string };

/** Persists the state of runs, so that a run can resume and does not hold a day in memory. */
export interface RunStore {
  /** The progress of an interrupted run; null if there is nothing to resume. */
  load(name: RunName): Promise<Progress | null>;
  /** Stores progress and results in one atomic step. */
  save(name: RunName, progress: Progress, results: PageResults): Promise<void>;
  /** The state in which this run saw each key, in the order of the keys; null for a key that it has not seen. */
  seen(name: RunName, keys: readonly string[]): Promise<readonly (string | null)[]>;
  /** Events that this run emitted, or would emit, oldest first; the store limits their number. */
  events(name: RunName): Promise<readonly EmittedEvent[]>;
  /** Findings of this run, oldest first; the store limits their number. */
  findings(name: RunName): Promise<readonly FindingEvent[]>;
  /** Stores the report and deletes the state of the run. */
  finish(name: RunName, report: Report): Promise<void>;
  /**
   * Records that PayCools does not know the subject.
   *
   * @returns when this was first recorded, in milliseconds since 1970
   */
  recordAbsent(merchant: string, subject: Subject, at: number): Promise<number>;
  /** Deletes that record, because PayCools knows the subject after all. */
  forgetAbsent(merchant: string, subject: Subject): Promise<void>;
  /** Where the rotation over refunds of older payments stopped; null if it has not begun. */
  rotation(merchant: string): Promise<RotationPosition | null>;
  saveRotation(merchant: string, position: RotationPosition): Promise<void>;
}

/** Records emitted events, so that operators find them by any of their ids. */
export interface EmissionLog {
  /** Never rejects because of a failed write: recording must not fail a run. */
  record(events: readonly PaymentEvent[], runId: string): Promise<void>;
}

/** The findings that are still on their queue. */
export interface OpenFindings {
  list(merchant: string): AsyncIterable<FindingEvent>;
  /** Removes a finding and records this in the audit log. */
  resolve(finding: FindingEvent, message: string): Promise<void>;
}

/** The exclusive right to reconcile a merchant, renewed until it is disposed of. */
export type Lease = AsyncDisposable & {
  /** Aborts when the lease is lost, so that the run ends. */
  readonly signal: AbortSignal;
};

/** Lets one replica at a time reconcile a merchant. */
export interface RunLock {
  /** Null while another process holds the lock. */
  acquire(merchant: string): Promise<Lease | null>;
}

/** Waits until the next request may be sent. */
export type Pace = () => Promise<void>;
