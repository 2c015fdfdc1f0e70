import type { FindingEvent } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { Report } from './report.ts';
import type { Row } from './row.ts';

/** One of the four views of a day that the statements give (PAYCOOLS.md 8.2). */
export type StatementView = {
  readonly statement: 'payment' | 'payout';
  readonly by: 'createDate' | 'completeDate';
  /** `yyyy-MM-dd` in the zone of PayCools. */
  readonly day: string;
};

/** Rows of one page, those of earlier pages left out. */
export type StatementPage = { readonly page: number; readonly rows: readonly Row[] };

/** What is known of a subject that PayCools is asked about. */
export type SubjectQuery = {
  readonly subject: Subject;
  readonly merchantOrderId: string | null;
  /** Day of its creation, `yyyy-MM-dd`; null where it is not known. */
  readonly day: string | null;
};

/** What a query returned about one subject; `unanswered` where it cannot be asked, or the reply was not as documented. */
export type QueryResult =
  | { readonly kind: 'found'; readonly row: Row }
  /** The order is that of another transaction, although it can have one only. */
  | { readonly kind: 'other-transaction'; readonly row: Row }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unanswered' };

/** PayCools's side. */
export interface Provider {
  /**
   * The pages of a view from `firstPage` on.
   *
   * @throws PaycoolsError
   */
  statement(view: StatementView, firstPage: number): AsyncIterable<StatementPage>;
  /** Whether subjects of this kind and family can be asked for at all. */
  canAsk(product: string, subject: Subject): boolean;
  /** Families that a payment of no known family may be asked of. */
  readonly collections: readonly string[];
  /** Families that list what was paid into a code or an account. */
  readonly lists: readonly string[];
  ask(product: string, wanted: SubjectQuery): Promise<QueryResult>;
  /** The refunds of a payment; null where there is no answer. */
  refunds(originalTransactionId: string): Promise<readonly Row[] | null>;
  /** What was paid into a code or an account on a day; null where there is no answer. */
  payments(
    product: string,
    order: { readonly merchantOrderId: string; readonly day: string },
  ): Promise<readonly Row[] | null>;
}

/** How far a run is. Stored after each page, so that a killed run continues where it stopped. */
export type Progress = {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Number of the step, from 0. */
  readonly step: number;
  /** Where the step continues: the next page of a statement, or the cursor of a scan; null at its beginning. */
  readonly cursor: string | null;
  /** Rows of PayCools, each once. */
  readonly rows: number;
  readonly matched: number;
  readonly emitted: number;
  /** Queries that PayCools did not answer. */
  readonly unanswered: number;
  /** How many findings of which kind. */
  readonly findings: Readonly<Record<string, number>>;
};

/** What a page brought, to be stored together with the progress. */
export type PageNotes = {
  /** What was seen of each subject, by its key. */
  readonly seen: ReadonlyMap<string, string>;
  readonly findings: readonly FindingEvent[];
};

/** Which run it is: another merchant, window or mode is another run. */
export type RunName = { readonly merchant: string; readonly run: string };

/** Holds what a run must not lose, and must not keep in memory. */
export interface RunStore {
  /** How far the run was when it was killed; null where there is none to resume. */
  load(name: RunName): Promise<Progress | null>;
  /** Stores progress and notes in one atomic step. */
  save(name: RunName, progress: Progress, notes: PageNotes): Promise<void>;
  /** What this run noted of these keys, in their order; null for each that it has not seen. */
  seen(name: RunName, keys: readonly string[]): Promise<readonly (string | null)[]>;
  /** Findings of this run, oldest first, at most as many as are stored. */
  findings(name: RunName): Promise<readonly FindingEvent[]>;
  /** Stores the report for a while, and forgets the run. */
  finish(name: RunName, report: Report): Promise<void>;
  /**
   * Notes that PayCools does not know the subject.
   *
   * @returns when that was noted for the first time, in milliseconds since 1970
   */
  noteAbsent(merchant: string, subject: Subject, at: number): Promise<number>;
  /** PayCools knows the subject after all. */
  forgetAbsent(merchant: string, subject: Subject): Promise<void>;
}

/** The right to be the only one who reconciles a merchant. It renews itself until it is disposed of. */
export type Lease = AsyncDisposable & {
  /** Aborts when the right is lost, so that the run ends. */
  readonly signal: AbortSignal;
};

/** Lets one replica at a time reconcile a merchant. */
export interface RunLock {
  /** Null while somebody else has it. */
  acquire(merchant: string): Promise<Lease | null>;
}

/** Waits its turn, so that PayCools gets no more requests than it may. */
export type Pace = () => Promise<void>;
