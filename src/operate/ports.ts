import type { AnyEvent } from '../core/event.ts';
import type { Amount } from '../core/money.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { OutcomeLabel } from '../receive/outcome.ts';
import type { Merchants } from '../receive/ports.ts';

/** The states of a job that operators see. */
export const jobStates = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const;
export type JobState = (typeof jobStates)[number];

/** The number of jobs on a queue, and the age of the next one. */
export type QueueDepth = {
  readonly queue: string;
  readonly jobs: Readonly<Record<string, number>>;
  /** When the job that a worker takes next was added, in milliseconds since 1970; null if none is waiting. */
  readonly nextSince: number | null;
  /** The BullMQ version that last opened the queue, if it is one that loses jobs; null otherwise. */
  readonly oldClient: string | null;
};

/** A job with its event. */
export type StoredJob = {
  /** Name of its queue, without braces. */
  readonly queue: string;
  /** Id of the job, not of the event. */
  readonly id: string;
  readonly event: AnyEvent;
  readonly attempts: number;
  /** The error of the last attempt; null if none failed. */
  readonly failedReason: string | null;
  /** In milliseconds since 1970. */
  readonly addedAt: number;
  /** When the latest attempt began, in milliseconds since 1970; null if there was none. */
  readonly startedAt: number | null;
  /** When the job completed or failed, in milliseconds since 1970; null if it has not. */
  readonly endedAt: number | null;
};

/** Reads and moves jobs. Every method rejects while Redis is unavailable. */
export interface JobBrowser {
  /** The job of the latest replay of an event, else its original job; null if neither exists. */
  find(queue: string, eventId: string): Promise<StoredJob | null>;
  /** `unknown` if the job no longer exists. */
  stateOf(job: StoredJob): Promise<JobState | 'unknown'>;
  /** The jobs that are in a state at the time of the call, oldest first. */
  list(queue: string, state: 'waiting' | 'failed'): AsyncIterable<StoredJob>;
  /** The latest jobs of a queue in any state, newest first. */
  latest(queue: string, limit: number): Promise<readonly StoredJob[]>;
  /** Puts a failed job back on its queue, with all its attempts. */
  retry(job: StoredJob): Promise<void>;
  remove(job: StoredJob): Promise<void>;
  /** Removes a job and forgets its event id, so that the event can be enqueued again. */
  forget(job: StoredJob): Promise<void>;
  /** Puts an event on its queue again, replacing an earlier replay. */
  addReplay(queue: string, event: AnyEvent): Promise<void>;
}

/** One action of an operator. */
export type AuditEntry = {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who performed it: `cli ana`, `console 10.0.0.7`. */
  readonly actor: string;
  readonly action:
    | 'replay'
    | 'redrive-failed'
    | 'redrive-unrecognized'
    | 'discard-failed'
    | 'discard-unrecognized'
    | 'resolve-finding'
    | 'retry-set-aside'
    | 'discard-set-aside'
    | 'log-in';
  readonly id: string;
  readonly isDone: boolean;
  readonly message: string;
  /** The reason, in the operator's words. */
  readonly note?: string;
  /** PayCools's id of the payment concerned. */
  readonly about?: string;
  /** Shared by all actions of one request. */
  readonly run?: string;
};

/** One attempt of a worker at an event. */
export type Attempt = {
  /** 1 for the first one. */
  readonly attempt: number;
  /** When it began; milliseconds since 1970. */
  readonly at: number;
  readonly durationMs: number;
  /** Null if it succeeded. */
  readonly error: string | null;
};

/** The attempts that consumers report. */
export interface AttemptLog {
  /** Oldest first; empty if the consumer does not report them. */
  of(eventId: string): Promise<readonly Attempt[]>;
}

/** What came of asking PayCools about a payment. */
export type AskResult =
  | {
      readonly kind: 'found';
      /** Null if PayCools's word for it is unknown. */
      readonly status: string | null;
      readonly rawStatus: string;
      /** Integer centavos. */
      readonly amount: number | null;
      readonly merchantOrderId: string | null;
      readonly completedAt: string | null;
    }
  | { readonly kind: 'absent' | 'unanswered' | 'not-configured' | 'not-possible' };

/** What is known about the payment that PayCools is asked about. */
type PaymentQuestion = {
  readonly key: PaymentKey;
  readonly product: string | null;
  readonly merchantOrderId: string | null;
  /** When it was created or received; milliseconds since 1970. */
  readonly at: number;
};

/** Asks PayCools about a payment now. */
export type AskPaycools = (question: PaymentQuestion) => Promise<AskResult>;

/** Records the actions of operators. */
export interface AuditLog {
  record(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  latest(limit: number): Promise<readonly AuditEntry[]>;
}

/** The kinds of payments that can be looked up; most are transactions. */
export type PaymentKind =
  | 'transaction'
  | 'refund'
  | 'authorization'
  | 'identity-check'
  | 'payment-verification'
  | 'unrecognized';

/** What support looks up: a payment, a refund, an authorization …, by the id that PayCools gave it. */
export type PaymentKey = { readonly merchant: string; readonly kind: PaymentKind; readonly id: string };

/** A payment found by an id; `isExact` if the id was given in full, in any case. */
export type IndexHit = { readonly key: PaymentKey; readonly isExact: boolean };

/** What the index records about a journal entry of a payment. It outlives the entry itself. */
export type Milestone = {
  readonly entryId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly outcome: OutcomeLabel;
  /** Short type of the event, such as `payout.succeeded`; null if there was none. */
  readonly type: string | null;
  readonly amount: Pick<Amount, 'minor' | 'currency'> | null;
  readonly eventId: string | null;
};

/** Finds payments by any of their ids. Every method rejects while Redis is unavailable. */
export interface PaymentIndex {
  /** Payments with an id that starts with this text, in any case: exact matches first, then the newest days. */
  find(text: string, limit: number): Promise<readonly IndexHit[]>;
  /** Ids of the journal entries of requests whose id starts with this text. */
  entriesOfRequest(text: string): Promise<readonly string[]>;
  /** The milestones of a payment, oldest first; of its repeats only the latest of each day. */
  milestones(key: PaymentKey): Promise<readonly Milestone[]>;
}

/** The number of a product's events by status, and the total amount of those that succeeded. */
export type ProductTotal = {
  readonly product: string;
  readonly succeeded: number;
  readonly failed: number;
  /** Pending, closed, cancelled … */
  readonly other: number;
  /** Total of the successes in each currency, in integer centavos. */
  readonly sums: readonly { readonly minor: number; readonly currency: string }[];
};

/** Totals by product, across all replicas. */
export type ProductTotals = {
  /** Since the last full hour. */
  readonly hour: readonly ProductTotal[];
  /** Length of that period, in hours. */
  readonly hoursOfHour: number;
  readonly day: readonly ProductTotal[];
  readonly week: readonly ProductTotal[];
};

/** The ports that actions on jobs need. */
export type JobPorts = {
  readonly ports: DeliverPorts;
  readonly merchants: Merchants;
  readonly jobs: JobBrowser;
};
