import type { FastifyInstance } from 'fastify';
import type { Health } from '../http/ops-listener.ts';
import type { Operations } from '../operate/operations.ts';
import type { ProductTotals, QueueDepth } from '../operate/ports.ts';
import type { SetAsideOperations } from '../operate/set-aside.ts';
import type { OutcomeCounts } from '../receive/outcome-counts.ts';
import type { Deadline } from '../receive/ports.ts';
import type { Report } from '../reconcile/report.ts';

/** The callbacks in the spool. */
export type SpoolState = {
  readonly events: number;
  /** Milliseconds since 1970; null if the spool is empty. */
  readonly oldestReceivedAt: number | null;
  /** Number of callbacks that could not be moved to Redis and wait for an operator. */
  readonly setAside: number;
};

/** What the console needs from the service. Reads from Redis reject while it is unavailable. */
export type ConsolePorts = {
  readonly operations: Operations;
  readonly health: () => Promise<Health>;
  readonly depths: () => Promise<readonly QueueDepth[]>;
  /** Null if there is no spool. */
  readonly spool: () => SpoolState | null;
  /** Actions on callbacks that are set aside in the spool; null if there is no spool. */
  readonly setAside: SetAsideOperations | null;
  readonly outcomes: OutcomeCounts;
  /** The latest reconciliations of all merchants, newest first. */
  readonly reports: () => Promise<readonly Report[]>;
  /** The reconciliation with this id, of any merchant; null if there is none, or it has expired. */
  readonly report: (id: string) => Promise<Report | null>;
  /** Events and amounts by product. @param now milliseconds since 1970 */
  readonly totals: (now: number) => Promise<ProductTotals>;
  /** Builds Bull Board below a path, as an app that does not listen. */
  readonly buildBoard: (prefix: string) => Promise<FastifyInstance>;
  /** Names of the merchants. */
  readonly merchants: () => readonly string[];
  /** Names of the products. */
  readonly products: readonly string[];
  /** Time zone of a merchant; that of the first merchant if the name is empty or unknown. */
  readonly zoneOf: (merchant: string) => string;
  /** Number of days for which a payment can be found. */
  readonly days: number;
  /** Waits briefly for a connection that is being established; rejects if there is none. */
  readonly connected: () => Promise<void>;
  /** Limits how long a page waits for Redis. */
  readonly deadline: Deadline;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with errors of reading from Redis or writing to it. */
  readonly onError: (error: unknown) => void;
  /** Called with unexpected errors. */
  readonly onBug: (error: unknown) => void;
};
