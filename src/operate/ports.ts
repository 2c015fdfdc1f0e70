import type { AnyEvent } from '../core/event.ts';

/** The states of a job that operators look at. */
export const jobStates = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const;
export type JobState = (typeof jobStates)[number];

/** How full a queue is. */
export type QueueDepth = {
  readonly queue: string;
  readonly jobs: Readonly<Record<string, number>>;
  /** When the job that a worker would take next was put there; milliseconds since 1970, null when none waits. */
  readonly nextSince: number | null;
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
  readonly action: 'replay' | 'redrive-failed' | 'redrive-unrecognized' | 'log-in';
  readonly id: string;
  readonly isDone: boolean;
  readonly message: string;
};

/** Remembers what operators did. */
export interface AuditLog {
  note(entry: AuditEntry): Promise<void>;
  /** The newest first. */
  latest(limit: number): Promise<readonly AuditEntry[]>;
}
