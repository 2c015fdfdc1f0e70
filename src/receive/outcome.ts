import type { AnyEvent } from '../core/event.ts';
import type { VerificationReply } from '../core/payment-verification.ts';
import type { Verified } from '../verify/verify.ts';
import type { DecodeReason } from '../wire/exact.ts';
import type { Fields } from '../wire/field.ts';

/** What became of a callback. Everything that can be expected is here; exceptions are bugs. */
export type Outcome =
  /** Stored, or stored before; `acknowledgement` is what PayCools expects to read. */
  | {
      readonly kind: 'accepted' | 'duplicate' | 'conflicting';
      readonly event: AnyEvent;
      /** Whether PayCools is asked about it before workers get it. */
      readonly awaitsConfirmation?: boolean;
      readonly acknowledgement: string;
    }
  /** Genuine but not understood; kept. */
  | {
      readonly kind: 'unrecognized';
      readonly reason: string;
      readonly event: AnyEvent;
      readonly acknowledgement: string;
    }
  /** Kept in the spool, because Redis could not take it. `event` is what it will be; null where it is not understood. */
  | {
      readonly kind: 'spooled';
      readonly event: AnyEvent | null;
      readonly cause: unknown;
      readonly acknowledgement: string;
    }
  /** A payment verification was answered; `by` names by whom. */
  | {
      readonly kind: 'answered';
      readonly by: 'given' | 'repeated' | 'default';
      readonly event: AnyEvent;
      readonly reply: VerificationReply;
    }
  | { readonly kind: 'malformed'; readonly reason: DecodeReason }
  | { readonly kind: 'forged' }
  /** From an address that may not send callbacks for this merchant. */
  | { readonly kind: 'refused' }
  /** Genuine, but it could not be stored durably anywhere. */
  | { readonly kind: 'unavailable'; readonly cause: unknown };

/** A genuine body as it was read and proved, so that nobody has to read it again. */
export type GenuineBody = { readonly fields: Fields; readonly proof: Verified };

/** What became of a callback, and its body where that is genuine. */
export type Received = { readonly outcome: Outcome; readonly genuine: GenuineBody | null };

/** One request to a callback address and what became of it, for logs and metrics. */
export type CallbackRecord = {
  readonly requestId: string;
  readonly merchant: string;
  /** The product of the address, null on the address without one. */
  readonly product: string | null;
  /** Address that it came from. */
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** As received. */
  readonly body: Uint8Array;
  readonly outcome: Outcome;
  readonly genuine: GenuineBody | null;
  readonly status: number;
  readonly durationMs: number;
  /** Where it is traced (W3C). */
  readonly traceId?: string;
};

/** The outcomes as metrics, logs and the journal name them. */
export const outcomeLabels = [
  'accepted',
  'duplicate',
  'conflicting',
  'unrecognized',
  'malformed',
  'forged',
  'refused',
  'spooled',
  'unavailable',
] as const satisfies readonly Outcome['kind'][];

export type OutcomeLabel = (typeof outcomeLabels)[number];

/** A question counts as accepted when a worker answered it. */
export const outcomeLabel = (outcome: Outcome): OutcomeLabel => {
  if (outcome.kind !== 'answered') return outcome.kind;
  return ({ given: 'accepted', repeated: 'duplicate', default: 'unavailable' } as const)[outcome.by];
};

/** The event that a callback became, or would have become; null where there is none. */
export const eventIn = (outcome: Outcome): AnyEvent | null => ('event' in outcome ? outcome.event : null);
