import type { FindingEvent, PaymentEvent } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { Counts, EmittedEvent, LeftOut, Report } from './report.ts';
import type { OddRow, Row } from './row.ts';

/** One of the four views of a day that the statements give (PAYCOOLS.md 8.2). */
export type StatementView = {
  readonly statement: 'payment' | 'payout';
  readonly by: 'createDate' | 'completeDate';
  /** `yyyy-MM-dd` in the zone of PayCools. */
  readonly day: string;
};

/** The rows of a page or a list, and those that cannot be read. */
export type ReadRows = { readonly rows: readonly Row[]; readonly odd: readonly OddRow[] };

/** Why a page or a list could not be read at all: a sentence without values. */
export type NotRead = { readonly reason: string };

/** What is known of a subject that PayCools is asked about. */
export type SubjectQuery = {
  readonly subject: Subject;
  readonly merchantOrderId: string | null;
  /** Day of its creation, `yyyy-MM-dd`; null where it is not known. */
  readonly day: string | null;
};

/**
 * What a query returned about one subject. `unanswered` has a reason where PayCools was asked and gave no usable reply, and
 * none where it cannot be asked at all.
 */
export type QueryResult =
  | { readonly kind: 'found'; readonly row: Row }
  /** The order is that of another transaction, although it can have one only. */
  | { readonly kind: 'other-transaction'; readonly row: Row }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unanswered'; readonly reason?: string };

/** PayCools's side. */
export interface Provider {
  /**
   * One page of a view.
   *
   * @param page from 1
   * @throws PaycoolsError where PayCools refuses or does not answer before anything was read
   */
  page(view: StatementView, page: number): Promise<ReadRows | NotRead>;
  /** How long the latest replies took, in milliseconds. */
  latencyMs(): number;
  /** Whether subjects of this kind and family can be asked for at all. */
  canAsk(product: string, subject: Subject): boolean;
  /** Families that a payment of no known family may be asked of. */
  readonly collections: readonly string[];
  /** Families that list what was paid into a code or an account. */
  readonly lists: readonly string[];
  ask(product: string, wanted: SubjectQuery): Promise<QueryResult>;
  /** The refunds of a payment. */
  refunds(originalTransactionId: string): Promise<ReadRows | NotRead>;
  /** What was paid into a code or an account on a day. */
  payments(
    product: string,
    order: { readonly merchantOrderId: string; readonly day: string },
  ): Promise<ReadRows | NotRead>;
}

/** How far a run is. Stored after each page, so that a killed run continues where it stopped. */
export type Progress = Counts & {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Number of the step, from 0. */
  readonly step: number;
  /** Where the step continues: the next page of a statement, or the cursor of a scan; null at its beginning. */
  readonly cursor: string | null;
  /** How many findings of which kind. */
  readonly findings: Readonly<Record<string, number>>;
  /** What could not be read and was left out; the first of them. */
  readonly leftOut: readonly LeftOut[];
};

/** What a page brought, to be stored together with the progress. */
export type PageNotes = {
  /** What was seen of each subject, by its key. */
  readonly seen: ReadonlyMap<string, string>;
  readonly findings: readonly FindingEvent[];
  /** What it emitted, or would emit in a dry run. */
  readonly events: readonly EmittedEvent[];
};

/** Where the rotation over older payments is: a day, a page of its subjects, and how many of its payments are done. */
export type RotationPosition = { readonly day: string; readonly cursor: string | null; readonly index: number };

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
  /** What this run emitted, or would emit, oldest first, at most as many as are stored. */
  events(name: RunName): Promise<readonly EmittedEvent[]>;
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
  /** Where the rotation over refunds of older payments stopped; null where it has not begun. */
  rotation(merchant: string): Promise<RotationPosition | null>;
  saveRotation(merchant: string, position: RotationPosition): Promise<void>;
  /** PayCools knows the subject after all. */
  forgetAbsent(merchant: string, subject: Subject): Promise<void>;
}

/** Where emitted events are recorded, so that operators find them by every id. */
export interface EmissionLog {
  /** Resolves when they are recorded, or could not be: recording never fails a run. */
  note(events: readonly PaymentEvent[], runId: string): Promise<void>;
}

/** The findings that nobody has taken yet. */
export interface OpenFindings {
  list(merchant: string): AsyncIterable<FindingEvent>;
  /** Takes a finding away and writes that down for the audit. */
  resolve(finding: FindingEvent, message: string): Promise<void>;
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
