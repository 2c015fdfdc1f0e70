import type { Origin } from '../core/cloud-event.ts';
import type { AnyEvent, PaymentEvent, Statement, Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { PaymentVerificationEvent, VerificationReply } from '../core/payment-verification.ts';
import type { Acknowledgements } from '../products/definition.ts';
import type { CallbackKeys } from '../verify/verify.ts';

/** One merchant, as the receiver sees it. */
export type Merchant = {
  readonly name: string;
  readonly keys: CallbackKeys;
  /** Zone of the times that PayCools sends without an offset. */
  readonly timeZone: string;
  /** What this merchant answers instead of what is documented, for each scheme. */
  readonly acknowledgements: Partial<Acknowledgements>;
  /** Whether callbacks for it may come from this address. */
  readonly isAllowedSource: (address: string) => boolean;
  /** Whether PayCools is asked back about this event before it reaches the merchant's workers. */
  readonly needsConfirmation: (event: PaymentEvent) => boolean;
};

/** Finds the merchant of an address. */
export interface Merchants {
  find(name: string): Merchant | undefined;
}

/** What is to be written into the ledger about a subject. */
export type Observation = {
  readonly merchant: string;
  readonly subject: Subject;
  readonly product: string;
  readonly statement: Statement;
  readonly origin: Origin;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Day of its creation, else of this observation, in the zone of PayCools: `yyyy-MM-dd`. Where to look it up. */
  readonly day: string;
};

/** A status that a subject was seen in, with what was said about it the first time. */
export type Sighting = {
  readonly statement: Statement;
  /** 1 for the first status seen of this subject, 2 for the second, … */
  readonly ordinal: number;
  /** Whether the event of this status is known to be on its queue. */
  readonly isDelivered: boolean;
  /** How it was first heard of, and when (milliseconds since 1970). */
  readonly origin: Origin;
  readonly at: number;
};

/** All that is known of a subject, the present observation included. */
export type LedgerEntry = {
  /** The family that the subject was first seen in. */
  readonly product: string;
  readonly sightings: ReadonlyMap<Status, Sighting>;
};

/**
 * What has been seen of each subject. It observes; it never decides whether an event is new (see {@link EventQueue}),
 * so a crash after any of its writes loses nothing.
 */
export interface Ledger {
  /** Writes what is new in the observation and tells all that is known, in one atomic step. */
  observe(observation: Observation): Promise<LedgerEntry>;
  /** Notes that the event is on its queue, and with which content. */
  markDelivered(observation: Observation): Promise<void>;
}

/** Subjects of a day, as far as one read brings them; `next` goes on, and is null at the end. */
export type SubjectPage = { readonly subjects: readonly Subject[]; readonly next: string | null };

/** Reads what the ledger has, a page at a time. */
export interface LedgerReader {
  /** What is known of each of the subjects, in their order; null where nothing is. */
  find(merchant: string, subjects: readonly Subject[]): Promise<readonly (LedgerEntry | null)[]>;
  /**
   * Subjects whose day it is ({@link Observation}). One may come twice; one that comes in meanwhile may be missing.
   *
   * @param cursor null for the first page, then `next` of the one before; it stays good after a restart
   */
  ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage>;
  /** Subjects that were seen as pending and may still be. */
  open(merchant: string, cursor: string | null): Promise<SubjectPage>;
  /** Takes subjects that are not open any more out of what {@link LedgerReader.open} tells. */
  close(merchant: string, subjects: readonly Subject[]): Promise<void>;
}

/** Where events are stored for the merchant's workers. */
export interface EventQueue {
  /**
   * Puts the event on the queue unless one with this id was ever put there within the deduplication time. Both in one
   * atomic step: this is the commit point.
   *
   * @returns whether it is there because of this call
   */
  enqueue(queue: string, event: AnyEvent): Promise<'added' | 'duplicate'>;
}

/** How a question was answered. */
export type VerificationOutcome = {
  readonly reply: VerificationReply;
  /** `given` by a worker now, `repeated` because the same question was answered a moment ago, `default` for want of one. */
  readonly by: 'given' | 'repeated' | 'default';
};

/** Asks the merchant's workers, and answers in time in any case. */
export interface PaymentApprover {
  /** How long a worker may take, in milliseconds. */
  readonly timeoutMs: number;
  ask(event: PaymentVerificationEvent): Promise<VerificationOutcome>;
}

/** Whether what Redis confirms counts as stored, as of the last look at it. */
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
};

/** The embedded file that takes over when Redis cannot. */
export interface Spool {
  /** Keeps a callback. Durable when it resolves; rejects when it is kept nowhere. */
  append(callback: SpooledCallback): Promise<void>;
}

/** Ends a wait at the enqueue deadline. Time stays out of the use case. */
export interface Deadline {
  /** Settles as `work` does, or rejects when the deadline comes first; `work` may then still happen. */
  within<Value>(work: Promise<Value>): Promise<Value>;
}

/** A check of readiness. */
type CheckName = 'redis' | 'durability' | 'memory' | 'spool' | 'config';

/** What is wrong, one sentence for each check that fails: what it is and what to do. */
export type Reasons = Partial<Readonly<Record<CheckName, string>>>;

/** Whether callbacks may be sent here. */
export type Readiness = {
  /** Whether they would be stored: also true while Redis is away and the spool has room. */
  readonly isReady: boolean;
  readonly reasons: Reasons;
};
