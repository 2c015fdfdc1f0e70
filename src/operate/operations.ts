import type { AnyEvent } from '../core/event.ts';
import type { JournalEntry, JournalReader } from '../receive/journal.ts';
import type { Explanation } from '../verify/explain.ts';
import type { Actor, AuditEntry } from './ports.ts';

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

/** A genuine callback that was not understood. */
export type UnrecognizedCallback = {
  readonly eventId: string;
  readonly receivedAt: string;
  readonly source: string;
  readonly product: string | null;
  readonly eventName: string | null;
  readonly reason: string;
};

/** One callback in full: its verification with the present keys, its event and that event's job. */
export type Inspection = {
  readonly entry: JournalEntry;
  /** Null where the body is not kept whole, or its merchant is not configured any more. */
  readonly explanation: Explanation | null;
  /** The event as it is on the queue, or as it is made again from the body; null where the callback is not genuine. */
  readonly event: AnyEvent | null;
  /** Null where its job is gone, for instance because it completed long ago. */
  readonly job: JobSummary | null;
};

/** The result of an action on one item; `message` is a sentence for the operator. */
export type ActionResult = { readonly id: string; readonly isDone: boolean; readonly message: string };

/**
 * What operators can look at and do, from the command line and the console alike. Every action is idempotent and
 * audited. All of it rejects while Redis is unavailable.
 */
export interface Operations {
  readonly journal: JournalReader;
  inspect(entry: JournalEntry): Promise<Inspection>;
  /** Puts the event of a callback back on its queue, keeping its id; does nothing while it still waits there. */
  replay(id: string, actor: Actor): Promise<ActionResult>;
  /** Failed jobs (dead letters), queue by queue. */
  failed(): AsyncIterable<JobSummary>;
  /** Gives one failed job, or all, to the workers again. */
  redriveFailed(id: string | 'all', actor: Actor): AsyncIterable<ActionResult>;
  /** Unrecognized callbacks, the oldest first. */
  unrecognized(): AsyncIterable<UnrecognizedCallback>;
  /** Interprets one unrecognized callback, or all, again; those that are still not understood stay. */
  redriveUnrecognized(id: string | 'all', actor: Actor): AsyncIterable<ActionResult>;
  /** The latest actions, the newest first. */
  audit(limit: number): Promise<readonly AuditEntry[]>;
  noteAction(entry: AuditEntry): Promise<void>;
}
