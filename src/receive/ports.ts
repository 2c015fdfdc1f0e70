import type { AnyEvent, Origin, Statement, Status, VerificationEvent } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { VerificationReply } from '../core/verification.ts';
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
};

/** A status that a subject was seen in, with what was said about it the first time. */
export type Sighting = {
  readonly statement: Statement;
  /** 1 for the first status seen of this subject, 2 for the second, … */
  readonly ordinal: number;
  /** Whether the event of this status is known to be on its queue. */
  readonly isDelivered: boolean;
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
  confirm(observation: Observation): Promise<void>;
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
export type Asked = {
  readonly reply: VerificationReply;
  /** `given` by a worker now, `repeated` because the same question was answered a moment ago, `default` for want of one. */
  readonly by: 'given' | 'repeated' | 'default';
};

/** Asks the merchant's workers, and answers in time in any case. */
export interface Verifier {
  /** How long a worker may take, in milliseconds. */
  readonly timeoutMs: number;
  ask(event: VerificationEvent): Promise<Asked>;
}

/** Ends a wait at the enqueue deadline. Time stays out of the use case. */
export interface Deadline {
  /** Settles as `work` does, or rejects when the deadline comes first; `work` may then still happen. */
  within<Value>(work: Promise<Value>): Promise<Value>;
}

/** Something that must be in order before callbacks may be sent here. */
export interface ReadinessCheck {
  readonly name: 'redis' | 'durability' | 'memory' | 'spool' | 'config';
  /** Null when it is in order; otherwise one sentence that says what is wrong and what to do. */
  check(): Promise<string | null>;
}
