import type { Queue } from 'bullmq';
import type { FindingEvent } from '../core/event.ts';
import type { Health } from '../http/ops-listener.ts';
import type { Operations } from '../operate/operations.ts';
import type { OutcomeCounts } from '../receive/outcome-counts.ts';
import type { Deadline } from '../receive/ports.ts';
import type { Report } from '../reconcile/report.ts';

/** How full a queue is. */
export type Depth = {
  readonly queue: string;
  readonly jobs: Readonly<Record<string, number>>;
  /** When the job that a worker would take next was put there; milliseconds since 1970, null when none waits. */
  readonly nextSince: number | null;
};

/** How much waits in the spool. */
export type SpoolState = {
  readonly events: number;
  /** Milliseconds since 1970; null when it is empty. */
  readonly oldestReceivedAt: number | null;
};

/** What the console shows and does. Whatever asks Redis rejects while it is away. */
export type ConsolePorts = {
  readonly operations: Operations;
  readonly health: () => Promise<Health>;
  readonly depths: () => Promise<readonly Depth[]>;
  /** Null where there is no spool. */
  readonly spool: () => SpoolState | null;
  readonly outcomes: OutcomeCounts;
  /** The latest reconciliations of all merchants, the newest first. */
  readonly reports: () => Promise<readonly Report[]>;
  /** The latest findings, the newest first. */
  readonly findings: (limit: number) => Promise<readonly FindingEvent[]>;
  /** Every queue, for Bull Board; opened when this is called first. */
  readonly queues: () => readonly Queue[];
  /** Names of the merchants. */
  readonly merchants: () => readonly string[];
  /** Waits a moment for a connection that is being made; rejects where there is none. */
  readonly connected: () => Promise<void>;
  /** How long a page waits for Redis. */
  readonly deadline: Deadline;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears of what could not be read or noted. */
  readonly onError: (error: unknown) => void;
  /** Hears of what nobody expected. */
  readonly onBug: (error: unknown) => void;
};
