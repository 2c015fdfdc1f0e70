import type { AnyEvent } from '../core/event.ts';
import type { JournalEntry, JournalReader } from '../receive/journal.ts';
import type { Explanation } from '../verify/explain.ts';
import type { ItemKind, OpenItem, Selection } from './open-items.ts';
import type { PaymentFacts } from './payment-facts.ts';
import type { TimelineItem } from './payment-history.ts';
import type { PaymentSummary } from './payment-summary.ts';
import type { AskResult, AuditEntry, PaymentKey, StoredJob } from './ports.ts';

/** A job as operators see it. */
export type JobSummary = Pick<StoredJob, 'queue' | 'attempts' | 'failedReason' | 'endedAt'> & {
  /** Id of its event. */
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly state: string;
};

/** One callback in full: its verification with the current keys, its event and that event's job. */
export type Inspection = {
  readonly entry: JournalEntry;
  /** Null if the body is not stored in full, or its merchant is no longer configured. */
  readonly explanation: Explanation | null;
  /** The event as it is on the queue, or rebuilt from the body; null if the callback is not genuine. */
  readonly event: AnyEvent | null;
  /** Null if its job no longer exists, for example because it completed long ago. */
  readonly job: JobSummary | null;
};

/** A payment in full: the facts, a summary of them, and a timeline. */
export type PaymentHistory = PaymentFacts & {
  readonly summary: PaymentSummary;
  /** Oldest first. */
  readonly timeline: readonly TimelineItem[];
};

/** A payment as a row. */
export type PaymentRow = Pick<
  PaymentFacts,
  'key' | 'timeZone' | 'product' | 'merchantOrderId' | 'transactionId' | 'amount'
> & {
  /** Short type of the latest event, such as `payout.succeeded`; null if nothing was proved. */
  readonly type: string | null;
  /** When the latest journal entry about it was received, in milliseconds since 1970. */
  readonly at: number;
  /** Whether the id was given in full. */
  readonly isExact: boolean;
};

/** The result of an action on one item; `message` is a sentence for the operator. */
export type ActionResult = { readonly id: string; readonly isDone: boolean; readonly message: string };

/** Who performs an action, and why. */
export type Attribution = Pick<AuditEntry, 'actor' | 'note' | 'run'>;

/**
 * What operators can look at and do, from the command line and the console alike. Every action is idempotent and
 * audited. Every method rejects while Redis is unavailable.
 */
export interface Operations {
  readonly journal: JournalReader;
  inspect(entry: JournalEntry): Promise<Inspection>;
  /** Payments with this id, in any case, newest first; if there is none, those with an id that starts with it. */
  findPayments(text: string, limit: number): Promise<readonly PaymentRow[]>;
  payment(key: PaymentKey): Promise<PaymentHistory>;
  /** Asks PayCools about a payment now. */
  ask(facts: PaymentFacts): Promise<AskResult>;
  /** Puts the event of a callback back on its queue under the same id; does nothing while it is still waiting there. */
  replay(id: string, by: Attribution): Promise<ActionResult>;
  /** Items that wait for an operator, oldest first. */
  items(kind: ItemKind, selection: Selection): AsyncIterable<OpenItem>;
  /**
   * Puts failed jobs back on their queues, or interprets unrecognized callbacks again; those that are still not
   * understood remain.
   */
  redrive(kind: Exclude<ItemKind, 'finding'>, selection: Selection, by: Attribution): AsyncIterable<ActionResult>;
  /** Removes items that someone has dealt with. The audit records the note. */
  discard(kind: ItemKind, selection: Selection, by: Attribution): AsyncIterable<ActionResult>;
  /** The latest actions, newest first. */
  audit(limit: number): Promise<readonly AuditEntry[]>;
  recordAction(entry: AuditEntry): Promise<void>;
}
