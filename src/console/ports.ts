import type { FastifyInstance } from 'fastify';
import type { Health } from '../http/ops-listener.ts';
import type { Operations } from '../operate/operations.ts';
import type { ProductTotals, QueueDepth } from '../operate/ports.ts';
import type { SetAsideOperations } from '../operate/set-aside.ts';
import type { OutcomeCounts } from '../receive/outcome-counts.ts';
import type { Deadline } from '../receive/ports.ts';
import type { Report } from '../reconcile/report.ts';

/** What waits in the spool. */
export type SpoolState = {
  readonly events: number;
  /** Milliseconds since 1970; null when it is empty. */
  readonly oldestReceivedAt: number | null;
  /** Callbacks that could not be moved to Redis, and wait for an operator. */
  readonly setAside: number;
};

/** What the console shows and does. Whatever reads from Redis rejects while it is unavailable. */
export type ConsolePorts = {
  readonly operations: Operations;
  readonly health: () => Promise<Health>;
  readonly depths: () => Promise<readonly QueueDepth[]>;
  /** Null where there is no spool. */
  readonly spool: () => SpoolState | null;
  /** Callbacks that are set aside in the spool; null where there is none. */
  readonly setAside: SetAsideOperations | null;
  readonly outcomes: OutcomeCounts;
  /** The latest reconciliations of all merchants, the newest first. */
  readonly reports: () => Promise<readonly Report[]>;
  /** The reconciliation with this id, of whatever merchant; null where it is gone. */
  readonly report: (id: string) => Promise<Report | null>;
  /** What was received by product. @param now milliseconds since 1970 */
  readonly totals: (now: number) => Promise<ProductTotals>;
  /** Builds Bull Board below a path: an app that listens nowhere. */
  readonly buildBoard: (prefix: string) => Promise<FastifyInstance>;
  /** Names of the merchants. */
  readonly merchants: () => readonly string[];
  /** Names of the products. */
  readonly products: readonly string[];
  /** Zone of a merchant's times; of the first merchant where the name is empty or unknown. */
  readonly zoneOf: (merchant: string) => string;
  /** How many days a payment is remembered. */
  readonly days: number;
  /** Waits a moment for a connection that is being made; rejects where there is none. */
  readonly connected: () => Promise<void>;
  /** How long a page waits for Redis. */
  readonly deadline: Deadline;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with what could not be read or noted. */
  readonly onError: (error: unknown) => void;
  /** Called with unexpected errors. */
  readonly onBug: (error: unknown) => void;
};
