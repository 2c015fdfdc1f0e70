import type { AnyEvent } from '../core/event.ts';
import type { Verified } from '../verify/verify.ts';
import type { DecodeReason } from '../wire/exact.ts';

/** What became of a callback. Everything that can be expected is here; exceptions are bugs. */
export type Outcome =
  /** Stored, or stored before. */
  | { readonly kind: 'accepted' | 'duplicate' | 'conflicting'; readonly event: AnyEvent; readonly proof: Verified }
  /** Genuine but not understood; kept. */
  | { readonly kind: 'unrecognized'; readonly reason: string; readonly event: AnyEvent; readonly proof: Verified }
  | { readonly kind: 'malformed'; readonly reason: DecodeReason }
  | { readonly kind: 'forged' }
  /** Genuine, but it could not be stored durably anywhere. */
  | { readonly kind: 'unavailable'; readonly cause: unknown };
