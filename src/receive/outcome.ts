import type { AnyEvent } from '../core/event.ts';
import type { Verified } from '../verify/verify.ts';
import type { DecodeReason } from '../wire/exact.ts';
import type { Fields } from '../wire/field.ts';
import type { VerificationOutcome } from './ports.ts';

/** What became of a callback. Every expected case is listed; exceptions are bugs. */
export type Outcome =
  /** Stored now or before; `acknowledgement` is the reply that PayCools expects. */
  | {
      readonly kind: 'accepted' | 'duplicate' | 'conflicting';
      readonly event: AnyEvent;
      /** Whether PayCools is asked about it before workers get it. */
      readonly awaitsConfirmation?: boolean;
      readonly acknowledgement: string;
    }
  /** Genuine but not understood; stored as unrecognized. */
  | {
      readonly kind: 'unrecognized';
      readonly reason: string;
      readonly event: AnyEvent;
      readonly acknowledgement: string;
    }
  /** Spooled, because it could not be stored in Redis. `event` is what it will become; null if it is not understood. */
  | {
      readonly kind: 'spooled';
      readonly event: AnyEvent | null;
      readonly cause: unknown;
      readonly acknowledgement: string;
    }
  /** A payment verification was answered. */
  | (VerificationOutcome & { readonly kind: 'answered'; readonly event: AnyEvent })
  | { readonly kind: 'malformed'; readonly reason: DecodeReason }
  | { readonly kind: 'forged' }
  /** Sent from an address that may not send callbacks for this merchant. */
  | { readonly kind: 'refused' }
  /** Genuine, but it could not be stored durably anywhere. */
  | { readonly kind: 'unavailable'; readonly cause: unknown };

/** A genuine body, decoded and verified, so that nobody has to do it again. */
export type GenuineBody = { readonly fields: Fields; readonly proof: Verified };

/** What became of a callback, and its body if it is genuine. */
export type Received = { readonly outcome: Outcome; readonly genuine: GenuineBody | null };

/** One request to a callback address and what became of it, for logs and metrics. */
export type CallbackRecord = {
  readonly requestId: string;
  readonly merchant: string;
  /** The product of the address, null on the address without one. */
  readonly product: string | null;
  /** Source address. */
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The request body as received. */
  readonly body: Uint8Array;
  readonly outcome: Outcome;
  readonly genuine: GenuineBody | null;
  readonly status: number;
  readonly durationMs: number;
  /** W3C trace id, if the request is traced. */
  readonly traceId?: string;
};

/** The outcomes, as metrics, logs and the journal name them. */
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

/** A payment verification counts as accepted if a worker answered it. */
export const outcomeLabel = (outcome: Outcome): OutcomeLabel => {
  if (outcome.kind !== 'answered') return outcome.kind;
  return ({ given: 'accepted', repeated: 'duplicate', default: 'unavailable' } as const)[outcome.by];
};

/** The event that a callback became or will become; null if there is none. */
export const eventIn = (outcome: Outcome): AnyEvent | null => ('event' in outcome ? outcome.event : null);
