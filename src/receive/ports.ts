import type { AnyEvent, PaymentData, PaymentEvent } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { PaymentVerificationEvent, VerificationReply } from '../core/payment-verification.ts';
import type { Acknowledgements } from '../products/definition.ts';
import type { CallbackKeys } from '../verify/verify.ts';
import type { History, KnownHistory } from './history.ts';

/** What decides whether, and how, PayCools is asked about an event. */
export type Confirmable = Pick<
  PaymentData,
  'product' | 'status' | 'amount' | 'transactionId' | 'merchantOrderId' | 'createdAt'
>;

/** One merchant, as the receiver sees it. */
export type Merchant = {
  readonly name: string;
  readonly keys: CallbackKeys;
  /** Zone of the times that PayCools sends without an offset. */
  readonly timeZone: string;
  /** Acknowledgements of this merchant instead of the documented ones, for each scheme. */
  readonly acknowledgements: Partial<Acknowledgements>;
  /** Whether callbacks for it may come from this address. */
  readonly isAllowedSource: (address: string) => boolean;
  /** Whether CONFIRM asks for PayCools's word about this event before it reaches the merchant's workers. */
  readonly mustConfirm: (about: Confirmable) => boolean;
  /** Whether PayCools can be asked about this event: the API is configured and has a query for it. */
  readonly canConfirm: (about: Confirmable) => boolean;
};

/** Finds the merchant of an address. */
export interface Merchants {
  find(name: string): Merchant | undefined;
}

/** A subject of a merchant. */
export type SubjectOfMerchant = { readonly merchant: string; readonly subject: Subject };

/** A history as it is in the ledger now; given back with {@link Ledger.replace}, so that nothing written since is lost. */
export type StoredHistory = { readonly history: History; readonly version: string };

/** How a subject is found by day: the day of its creation, else of its reception, in the zone of PayCools. */
export type Indexed = SubjectOfMerchant & {
  /** The family of its event. */
  readonly product: string;
  /** `yyyy-MM-dd`. */
  readonly day: string;
  /** Whether something is expected to follow. */
  readonly isOpen: boolean;
};

/**
 * What has been seen of each subject. Written by itself it observes, and {@link EventQueue} decides whether an event is new,
 * so a crash after any of its writes loses nothing; with {@link Commit} both are one write.
 */
export interface Ledger {
  /** The history of a subject; null where nothing is known. */
  read(subject: SubjectOfMerchant): Promise<StoredHistory | null>;
  /**
   * Writes a history in one atomic step, unless another one than `before` is there.
   *
   * @param before the history that this one was made from; null where there was none
   * @returns the history that is there now, and whether it is this one
   */
  replace(
    subject: SubjectOfMerchant,
    before: StoredHistory | null,
    after: History,
  ): Promise<{ readonly isWritten: boolean; readonly stored: StoredHistory }>;
  /** Finds the subject later by its day, and among the open ones. */
  index(indexed: Indexed): Promise<void>;
  /**
   * The name under which the ledger knows a subject that has several, from now on for all of them.
   *
   * @param names at least one; the first is the name of a subject that is not known yet
   */
  nameOf(merchant: string, names: readonly Subject[]): Promise<Subject>;
}

/** Subjects of a day, one page of them; `next` continues, and is null at the end. */
export type SubjectPage = { readonly subjects: readonly Subject[]; readonly next: string | null };

/** Reads the ledger, a page at a time. */
export interface LedgerReader {
  /** What is known of each of the subjects, in their order; null where nothing is. */
  find(merchant: string, subjects: readonly Subject[]): Promise<readonly (KnownHistory | null)[]>;
  /**
   * Subjects of that day ({@link Indexed}). One may come twice; one that arrives meanwhile may be missing.
   *
   * @param cursor null for the first page, then `next` of the one before; it stays good after a restart
   */
  ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage>;
  /** Subjects that were seen as pending and may still be. */
  open(merchant: string, cursor: string | null): Promise<SubjectPage>;
  /** Removes subjects that are no longer open from what {@link LedgerReader.open} returns. */
  close(merchant: string, subjects: readonly Subject[]): Promise<void>;
}

/** Where events are stored for the merchant's workers. */
export interface EventQueue {
  /**
   * Puts the event on the queue unless one with this id was ever put there within the deduplication time. Both in one
   * atomic step: this is the commit point.
   *
   * @param deduplicationId what must not be there twice; by default the id of the event
   * @returns whether it is there because of this call
   */
  enqueue(queue: string, event: AnyEvent, deduplicationId?: string): Promise<'added' | 'duplicate'>;
}

/** An event, and the history of its subject in which it counts as delivered. */
export type EventWithHistory = Indexed & {
  readonly event: PaymentEvent;
  /** The history that `after` was made from; null where there was none. */
  readonly before: StoredHistory | null;
  readonly after: History;
  /** Whether `before` knows what happened already, so that somebody may have put the event on its queue meanwhile. */
  readonly isKnown: boolean;
};

/**
 * Writes event, history and index in one atomic step: the commit point. Nothing is written where another history than
 * `before` is there, which is returned then; nor where history and queue cannot share a step, which null says.
 */
export type Commit = (
  event: EventWithHistory,
) => Promise<{ readonly added: 'added' | 'duplicate' } | { readonly present: StoredHistory } | null>;

/** How a payment verification was answered. */
export type VerificationOutcome = {
  readonly reply: VerificationReply;
  /** `given` by a worker now, `repeated` because the same question was answered a moment ago, `default` when nobody answered in time. */
  readonly by: 'given' | 'repeated' | 'default';
};

/** Asks the merchant's workers; always answers before the timeout. */
export interface PaymentApprover {
  /** How long a worker may take, in milliseconds. */
  readonly timeoutMs: number;
  ask(event: PaymentVerificationEvent): Promise<VerificationOutcome>;
}

/** Whether what Redis confirms counts as stored, as of the last check. */
export interface Gate {
  readonly isOpen: boolean;
}

/** A callback that was verified and could not be stored in Redis. */
export type SpooledCallback = {
  readonly merchant: string;
  readonly product: string | null;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The request body as received. */
  readonly body: Uint8Array;
  /** The trace of its request, as a W3C `traceparent`, where it has one. */
  readonly trace?: string;
};

/** A spooled callback that could not be moved to Redis, although Redis took others. */
export type SetAsideCallback = SpooledCallback & {
  /** Its place in the spool, by which it is retried or discarded. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly setAsideAt: number;
  /** What went wrong at the last try. */
  readonly reason: string;
};

/** The embedded file that takes over when Redis cannot. */
export interface Spool {
  /**
   * Stores a callback, a repeated one once. Durable when it resolves; rejects when it is stored nowhere.
   *
   * @param signedText what PayCools signed: a callback with the same text is the same callback
   */
  append(callback: SpooledCallback, signedText: string): Promise<void>;
}

/** What operators can do with callbacks that were set aside. */
export interface SetAside {
  /** How many there are. */
  readonly count: number;
  list(limit: number): readonly SetAsideCallback[];
  /** Tries again to move one to Redis. Returns whether it was set aside. */
  retry(seq: number): boolean;
  /** Deletes one. Returns whether it was set aside. */
  discard(seq: number): boolean;
}

/** Ends a wait at the enqueue deadline. Time stays out of the use case. */
export interface Deadline {
  /** Resolves or rejects as `work` does, or rejects when the deadline comes first; `work` may then still happen. */
  within<Value>(work: Promise<Value>): Promise<Value>;
}
