import type { AnyEvent, PaymentData, PaymentEvent } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { PaymentVerificationEvent, VerificationReply } from '../core/payment-verification.ts';
import type { Acknowledgements } from '../products/definition.ts';
import type { CallbackKeys } from '../verify/verify.ts';
import type { History, KnownHistory } from './history.ts';

/** The part of an event that decides whether and how PayCools is asked about it. */
export type Confirmable = Pick<
  PaymentData,
  'product' | 'status' | 'amount' | 'transactionId' | 'merchantOrderId' | 'createdAt'
>;

/** A merchant, as the receiver sees it. */
export type Merchant = {
  readonly name: string;
  readonly keys: CallbackKeys;
  /** Time zone of times that PayCools sends without an offset. */
  readonly timeZone: string;
  /** Acknowledgements that replace the documented ones, by scheme. */
  readonly acknowledgements: Partial<Acknowledgements>;
  /** Whether callbacks for this merchant may come from this address. */
  readonly isAllowedSource: (address: string) => boolean;
  /** Whether CONFIRM requires that PayCools is asked about this event before workers get it. */
  readonly mustConfirm: (event: Confirmable) => boolean;
  /** Whether PayCools can be asked about this event: the API is configured and has a query for it. */
  readonly canConfirm: (event: Confirmable) => boolean;
};

/** Finds a merchant by its name. */
export interface Merchants {
  find(name: string): Merchant | undefined;
}

export type SubjectOfMerchant = { readonly merchant: string; readonly subject: Subject };

/** A history and its version in the ledger, by which {@link Ledger.replace} notices later writes. */
export type StoredHistory = { readonly history: History; readonly version: string };

/** A subject with the day by which it can be found. */
export type IndexedSubject = SubjectOfMerchant & {
  /** The family of its event. */
  readonly product: string;
  /** Day of its creation, else of its reception, in the merchant's time zone: `yyyy-MM-dd`. */
  readonly day: string;
  /** Whether another status is expected to follow. */
  readonly isOpen: boolean;
};

/**
 * The history of each subject. Its own writes only observe: {@link EventQueue} decides whether an event is new, so a
 * crash after any of them loses nothing. {@link Commit} writes history and event in one step.
 */
export interface Ledger {
  /** The history of a subject; null if there is none. */
  read(subject: SubjectOfMerchant): Promise<StoredHistory | null>;
  /**
   * Replaces a history atomically, unless it has changed since `before`.
   *
   * @param before the history that `after` was made from; null if there was none
   * @returns the history that is now stored, and whether it is `after`
   */
  replace(
    subject: SubjectOfMerchant,
    before: StoredHistory | null,
    after: History,
  ): Promise<{ readonly isWritten: boolean; readonly stored: StoredHistory }>;
  /** Adds a subject to the index by day and, if it is open, to the open subjects. */
  index(subject: IndexedSubject): Promise<void>;
  /**
   * Returns the one name that the ledger uses for a subject with several names, from now on for each of them.
   *
   * @param names at least one; the first is used if none is known yet
   */
  resolveName(merchant: string, names: readonly Subject[]): Promise<Subject>;
}

/** A page of subjects; `next` is the cursor of the next page, null at the end. */
export type SubjectPage = { readonly subjects: readonly Subject[]; readonly next: string | null };

/** Reads the ledger page by page. */
export interface LedgerReader {
  /** The histories of these subjects, in the same order; null for a subject that is not known. */
  find(merchant: string, subjects: readonly Subject[]): Promise<readonly (KnownHistory | null)[]>;
  /**
   * The subjects of a day ({@link IndexedSubject}). A subject may be listed twice; one that is added meanwhile may be
   * missing.
   *
   * @param cursor null for the first page, then `next` of the previous one; it remains valid after a restart
   */
  ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage>;
  /** Subjects that were seen as pending and have not been removed with {@link LedgerReader.close} since. */
  open(merchant: string, cursor: string | null): Promise<SubjectPage>;
  /** Removes subjects from those that {@link LedgerReader.open} lists. */
  close(merchant: string, subjects: readonly Subject[]): Promise<void>;
}

/** Where events are stored for the merchant's workers. */
export interface EventQueue {
  /**
   * Puts an event on a queue, unless one with the same id was put there within DEDUPLICATION_DAYS. Check and write are
   * one atomic step: this is the commit point.
   *
   * @param deduplicationId id that decides; by default that of the event
   * @returns `added` if this call put it there
   */
  enqueue(queue: string, event: AnyEvent, deduplicationId?: string): Promise<'added' | 'duplicate'>;
}

/** An event, and the history of its subject that marks it as delivered. */
export type EventWithHistory = IndexedSubject & {
  readonly event: PaymentEvent;
  /** The history that `after` was made from; null if there was none. */
  readonly before: StoredHistory | null;
  readonly after: History;
  /** Whether `before` already contains the fact, so that another receiver may have enqueued its event meanwhile. */
  readonly isKnown: boolean;
};

/**
 * Writes event, history and index in one atomic step: the commit point.
 *
 * @returns `current`, and nothing is written, if the history has changed since `before`; null, and nothing is written,
 *   if history and queue cannot be written in one step
 */
export type Commit = (
  event: EventWithHistory,
) => Promise<{ readonly added: 'added' | 'duplicate' } | { readonly current: StoredHistory } | null>;

/** How a payment verification was answered. */
export type VerificationOutcome = {
  readonly reply: VerificationReply;
  /** `given` by a worker now, `repeated` from a recent answer, or the `default` because no worker answered in time. */
  readonly by: 'given' | 'repeated' | 'default';
};

/** Asks the merchant's workers. Always answers before the timeout. */
export interface PaymentApprover {
  /** How long a worker may take, in milliseconds. */
  readonly timeoutMs: number;
  ask(event: PaymentVerificationEvent): Promise<VerificationOutcome>;
}

/** Whether an event that Redis confirms counts as stored, as of the last check. */
export interface Gate {
  readonly isOpen: boolean;
}

/** A verified callback that could not be stored in Redis. */
export type SpooledCallback = {
  readonly merchant: string;
  readonly product: string | null;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The request body as received. */
  readonly body: Uint8Array;
  /** The trace of its request as a W3C `traceparent`, if it is traced. */
  readonly trace?: string;
};

/** A spooled callback that could not be moved to Redis, although others could. */
export type SetAsideCallback = SpooledCallback & {
  /** Its number in the spool, by which it is retried or discarded. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly setAsideAt: number;
  /** Why the last attempt failed. */
  readonly reason: string;
};

/** The embedded file that takes over while Redis is unavailable. */
export interface Spool {
  /**
   * Stores a callback; a repeated one is stored once. Resolves when it is durable, rejects if it could not be stored.
   *
   * @param signedText identifies the callback: one with the same text is a repeat
   */
  append(callback: SpooledCallback, signedText: string): Promise<void>;
}

/** What operators can do with callbacks that were set aside. */
export interface SetAside {
  readonly count: number;
  list(limit: number): readonly SetAsideCallback[];
  /** Schedules another attempt to move a callback to Redis. Returns false if it is not set aside. */
  retry(seq: number): boolean;
  /** Deletes a callback. Returns false if it is not set aside. */
  discard(seq: number): boolean;
}

/** Limits how long a callback waits for Redis. */
export interface Deadline {
  /** Resolves or rejects with `work`, or rejects at the deadline; `work` may then still complete. */
  within<Value>(work: Promise<Value>): Promise<Value>;
}
