import type { AnyEvent } from '../core/event.ts';
import type { Amount } from '../core/money.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { OutcomeLabel } from '../receive/outcome.ts';
import type { Merchants } from '../receive/ports.ts';

/** The states of a job that operators look at. */
export const jobStates = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const;
export type JobState = (typeof jobStates)[number];

/** How full a queue is. */
export type QueueDepth = {
  readonly queue: string;
  readonly jobs: Readonly<Record<string, number>>;
  /** When the job that a worker would take next was put there; milliseconds since 1970, null when none waits. */
  readonly nextSince: number | null;
  /** The version of BullMQ that opened it last, where that is one that loses jobs; null otherwise. */
  readonly oldClient: string | null;
};

/** A job with the event that it carries. */
export type StoredJob = {
  /** Name of its queue, without braces. */
  readonly queue: string;
  /** Id of the job, not of the event. */
  readonly id: string;
  readonly event: AnyEvent;
  readonly attempts: number;
  /** What the last attempt ended with; null where none failed. */
  readonly failedReason: string | null;
  /** When it was added, when its latest attempt began and when it ended; milliseconds since 1970, null where it did not. */
  readonly addedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
};

/** Looks at jobs and moves them. All of it rejects while Redis is unavailable. */
export interface JobBrowser {
  /** The job of an event, the one of its latest replay first; null where it is gone. */
  find(queue: string, eventId: string): Promise<StoredJob | null>;
  /** `unknown` where it is gone. */
  stateOf(job: StoredJob): Promise<JobState | 'unknown'>;
  /** Every job that is in a state when this is called, the oldest first. */
  list(queue: string, state: 'waiting' | 'failed'): AsyncIterable<StoredJob>;
  /** The latest jobs of a queue in whatever state, the newest first. */
  latest(queue: string, limit: number): Promise<readonly StoredJob[]>;
  /** Puts a failed job back on its queue, with all its attempts. */
  retry(job: StoredJob): Promise<void>;
  remove(job: StoredJob): Promise<void>;
  /** Removes a job and forgets its event, which may be put on the queue once more. */
  forget(job: StoredJob): Promise<void>;
  /** Puts an event on its queue again, in place of an earlier replay. */
  addReplay(queue: string, event: AnyEvent): Promise<void>;
}

/** Who acts: `cli ana`, `console 10.0.0.7`. For the audit only. */
export type Actor = string;

/** One thing that an operator did. */
export type AuditEntry = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: Actor;
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
  /** Why, in the operator's words. */
  readonly note?: string;
  /** Id of the payment that it concerns, as PayCools names it. */
  readonly about?: string;
  /** The same for everything that was done with one request. */
  readonly run?: string;
};

/** One attempt of a worker at an event. */
export type Attempt = {
  /** 1 for the first one. */
  readonly attempt: number;
  /** When it began; milliseconds since 1970. */
  readonly at: number;
  readonly durationMs: number;
  /** Null where it succeeded. */
  readonly error: string | null;
};

/** The attempts that consumers report. */
export interface AttemptLog {
  /** The oldest first; empty where the consumer does not report them. */
  of(eventId: string): Promise<readonly Attempt[]>;
}

/** What PayCools reports about a payment when it is asked. */
export type Asked =
  | {
      readonly kind: 'found';
      /** Null where its word is not a known one. */
      readonly status: string | null;
      readonly rawStatus: string;
      /** Integer centavos. */
      readonly amount: number | null;
      readonly merchantOrderId: string | null;
      readonly completedAt: string | null;
    }
  | { readonly kind: 'absent' | 'unanswered' | 'not-configured' | 'not-possible' };

/** What is known of a payment that PayCools is asked about. */
type PaymentQuestion = {
  readonly key: PaymentKey;
  readonly product: string | null;
  readonly merchantOrderId: string | null;
  /** When it was created or received; milliseconds since 1970. */
  readonly at: number;
};

/** Asks PayCools about a payment now. */
export type AskPaycools = (question: PaymentQuestion) => Promise<Asked>;

/** Remembers what operators did. */
export interface AuditLog {
  note(entry: AuditEntry): Promise<void>;
  /** The newest first. */
  latest(limit: number): Promise<readonly AuditEntry[]>;
}

/** What kind of thing is looked up. Most are transactions. */
export type PaymentKind =
  | 'transaction'
  | 'refund'
  | 'authorization'
  | 'identity-check'
  | 'payment-verification'
  | 'unrecognized';

/** What support looks up: a payment, a refund, an authorization …, by the id that PayCools gave it. */
export type PaymentKey = { readonly merchant: string; readonly kind: PaymentKind; readonly id: string };

/** A payment that an id touches; `isExact` where the id was given in full, in whatever case. */
export type IndexHit = { readonly key: PaymentKey; readonly isExact: boolean };

/** What is remembered of a journal entry about a payment, for longer than the entry itself. */
export type Milestone = {
  readonly entryId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly outcome: OutcomeLabel;
  /** Type of the event without the prefix that all share: `payout.succeeded`; null where there was none. */
  readonly type: string | null;
  readonly amount: Pick<Amount, 'minor' | 'currency'> | null;
  readonly eventId: string | null;
};

/** Finds payments by every id that touches them. All of it rejects while Redis is unavailable. */
export interface PaymentIndex {
  /** Payments with an id that begins with this text, in any case: exact ones first, then the newest days. */
  find(text: string, limit: number): Promise<readonly IndexHit[]>;
  /** Ids of the journal entries of requests whose id begins with this text. */
  entriesOfRequest(text: string): Promise<readonly string[]>;
  /** What happened to a payment, the oldest first; of its repeats only the latest of each day. */
  milestones(key: PaymentKey): Promise<readonly Milestone[]>;
}

/** How many events of a product there were, by how they ended, and what those that succeeded add up to. */
export type ProductTotal = {
  readonly product: string;
  readonly succeeded: number;
  readonly failed: number;
  /** Pending, closed, cancelled … */
  readonly other: number;
  /** Of successes, by currency; integer centavos. */
  readonly sums: readonly { readonly minor: number; readonly currency: string }[];
};

/** Totals by product, of all replicas. */
export type ProductTotals = {
  /** Since the last full hour, and how long that is. */
  readonly hour: readonly ProductTotal[];
  readonly hoursOfHour: number;
  readonly day: readonly ProductTotal[];
  readonly week: readonly ProductTotal[];
};

/** What actions on jobs need. */
export type JobPorts = {
  readonly ports: DeliverPorts;
  readonly merchants: Merchants;
  readonly jobs: JobBrowser;
};
