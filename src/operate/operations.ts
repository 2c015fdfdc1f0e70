import type { AnyEvent } from '../core/event.ts';
import type { JournalEntry, JournalReader } from '../receive/journal.ts';
import type { Explanation } from '../verify/explain.ts';

/** A job as operators see it. */
export type JobSummary = {
  readonly queue: string;
  /** Id of the event that it carries. */
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly state: string;
  readonly attempts: number;
  /** What the last attempt ended with; null where none failed. */
  readonly failedReason: string | null;
};

/** A genuine callback in quarantine. */
export type UnrecognizedCallback = {
  readonly eventId: string;
  readonly receivedAt: string;
  readonly source: string;
  readonly product: string | null;
  readonly eventName: string | null;
  readonly reason: string;
};

/** One callback in full: how its verification goes with the present keys, its event and the job of it. */
export type Inspection = {
  readonly entry: JournalEntry;
  /** Null where the body is not kept whole, or its merchant is not configured any more. */
  readonly explanation: Explanation | null;
  /** The event as it is on the queue, or as it is made again from the body; null where the callback is not genuine. */
  readonly event: AnyEvent | null;
  /** Null where its job is gone (completed long ago, say). */
  readonly job: JobSummary | null;
};

/** What became of one thing that an operator asked for; `message` is a sentence for the operator. */
export type ActionResult = { readonly id: string; readonly isDone: boolean; readonly message: string };

/** Who asks: `cli ana`, `console 10.0.0.7`. For the audit only. */
export type Actor = string;

/** One thing that an operator did. */
export type AuditEntry = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: Actor;
  readonly action: 'replay' | 'redrive-failed' | 'redrive-unrecognized' | 'log-in';
  readonly id: string;
  readonly isDone: boolean;
  readonly message: string;
};

/**
 * What operators can look at and do, from the command line and the console alike. Every action is idempotent and
 * audited. All of it rejects while Redis is away.
 */
export interface Operations {
  readonly journal: JournalReader;
  inspect(entry: JournalEntry): Promise<Inspection>;
  /** Puts the event of a callback back on its queue, keeping its id; does nothing while it still waits there. */
  replay(id: string, actor: Actor): Promise<ActionResult>;
  /** Dead letters, queue by queue. */
  failed(): AsyncIterable<JobSummary>;
  /** Gives one dead letter, or all, to the workers again. */
  redriveFailed(id: string | 'all', actor: Actor): AsyncIterable<ActionResult>;
  /** The quarantine, oldest first. */
  unrecognized(): AsyncIterable<UnrecognizedCallback>;
  /** Puts one quarantined callback, or all, through the mapping again; what is still not understood stays. */
  redriveUnrecognized(id: string | 'all', actor: Actor): AsyncIterable<ActionResult>;
  /** The latest actions, the newest first. */
  audit(limit: number): Promise<readonly AuditEntry[]>;
  noteAction(entry: AuditEntry): Promise<void>;
}
