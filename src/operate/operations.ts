import type { AnyEvent } from '../core/event.ts';
import type { JournalEntry, JournalReader } from '../receive/journal.ts';
import type { Explanation } from '../verify/explain.ts';
import type { ItemKind, OpenItem, Selection } from './open-items.ts';
import type { PaymentFacts } from './payment-facts.ts';
import type { TimelineItem } from './payment-history.ts';
import type { PaymentSummary } from './payment-summary.ts';
import type { Actor, Asked, AuditEntry, PaymentKey, StoredJob } from './ports.ts';

/** A job as operators see it. */
export type JobSummary = Pick<StoredJob, 'queue' | 'attempts' | 'failedReason' | 'endedAt'> & {
  /** Id of the event that it carries. */
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly state: string;
};

/** One callback in full: its verification with the present keys, its event and that event's job. */
export type Inspection = {
  readonly entry: JournalEntry;
  /** Null where the body is not stored whole, or its merchant is no longer configured. */
  readonly explanation: Explanation | null;
  /** The event as it is on the queue, or rebuilt from the body; null where the callback is not genuine. */
  readonly event: AnyEvent | null;
  /** Null where its job is gone, for instance because it completed long ago. */
  readonly job: JobSummary | null;
};

/** A payment in full: a summary first, then all that happened to it. */
export type PaymentHistory = PaymentFacts & {
  readonly summary: PaymentSummary;
  /** The oldest first. */
  readonly timeline: readonly TimelineItem[];
};

/** A payment in a list. */
export type PaymentRow = Pick<
  PaymentFacts,
  'key' | 'timeZone' | 'product' | 'merchantOrderId' | 'transactionId' | 'amount'
> & {
  /** `payout.succeeded`; null where nothing was proved. */
  readonly type: string | null;
  /** When something was last received about it; milliseconds since 1970. */
  readonly at: number;
  /** Whether the id was given in full. */
  readonly isExact: boolean;
};

/** The result of an action on one item; `message` is a sentence for the operator. */
export type ActionResult = { readonly id: string; readonly isDone: boolean; readonly message: string };

/** Who acts, and why. */
export type Acting = {
  readonly actor: Actor;
  readonly note?: string;
  /** The same for everything that is done with one request. */
  readonly run?: string;
};

/**
 * What operators can look at and do, from the command line and the console alike. Every action is idempotent and
 * audited. All of it rejects while Redis is unavailable.
 */
export interface Operations {
  readonly journal: JournalReader;
  inspect(entry: JournalEntry): Promise<Inspection>;
  /** Payments that an id touches, or that have one that begins so, in any case: exact ones first. */
  findPayments(text: string, limit: number): Promise<readonly PaymentRow[]>;
  payment(key: PaymentKey): Promise<PaymentHistory>;
  /** Asks PayCools about a payment now. */
  ask(facts: PaymentFacts): Promise<Asked>;
  /** Puts the event of a callback back on its queue, keeping its id; does nothing while it still waits there. */
  replay(id: string, acting: Acting): Promise<ActionResult>;
  /** What waits for an operator, the oldest first. */
  items(kind: ItemKind, selection: Selection): AsyncIterable<OpenItem>;
  /**
   * Gives failed jobs to the workers again, or interprets unrecognized callbacks again; those that are still not
   * understood stay.
   */
  redrive(kind: Exclude<ItemKind, 'finding'>, selection: Selection, acting: Acting): AsyncIterable<ActionResult>;
  /** Takes items away because somebody dealt with them. The audit has the note. */
  discard(kind: ItemKind, selection: Selection, acting: Acting): AsyncIterable<ActionResult>;
  /** The latest actions, the newest first. */
  audit(limit: number): Promise<readonly AuditEntry[]>;
  noteAction(entry: AuditEntry): Promise<void>;
}
