import type { Origin } from '../core/cloud-event.ts';
import type { Flag, PaymentEvent, UnrecognizedEvent } from '../core/event.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { buildEvent } from '../products/event.ts';
import { type InterpretedCallback, interpret, reinterpret } from '../products/interpret.ts';
import type { Registry } from '../products/registry.ts';
import { trustStoredBody, trustStoredFields, type Verified } from '../verify/verify.ts';
import type { Merchant, SpooledCallback } from './ports.ts';

/** A callback with the proof that PayCools sent it to this merchant. */
export type Genuine = {
  readonly callback: SpooledCallback;
  readonly merchant: Merchant;
  readonly proof: Verified;
};

/** What happened, with everything needed to store it, now or once Redis is back. */
export type Delivery = {
  readonly merchant: Merchant;
  readonly interpreted: InterpretedCallback;
  readonly origin: Origin;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Flags that do not depend on what was received before. */
  readonly flags: readonly Flag[];
  /**
   * Whether the signed text could also be read in another way, so that the signature alone does not prove what
   * happened.
   */
  readonly isAmbiguous: boolean;
};

const addressFlags = (product: string | null, { definition }: InterpretedCallback): readonly Flag[] =>
  product !== null && product !== definition.product ? ['misrouted'] : [];

/**
 * Understands a genuine callback. This is the one way from signed fields to what happened, whether a callback was just
 * received, comes from the spool, or is redriven or replayed.
 *
 * @returns what to deliver, or why the callback is not understood, as a sentence for an operator
 */
export const understand = (registry: Registry, { callback, merchant, proof }: Genuine): Result<Delivery, string> => {
  const { product, receivedAt } = callback;
  const interpreted = interpret(registry, proof, { product, timeZone: merchant.timeZone });
  if (!interpreted.ok) return interpreted;
  const flags = addressFlags(product, interpreted.value);
  const { isAmbiguous } = proof;
  return ok({ merchant, interpreted: interpreted.value, origin: 'callback', receivedAt, flags, isAmbiguous });
};

/** A callback that awaits confirmation: as its payment event, or as unrecognized if it may remain or become that. */
export type AwaitingEvent = PaymentEvent | UnrecognizedEvent;

/** Whether it awaits confirmation as unrecognized, and so may be on that queue too. */
export const isUnrecognized = (event: AwaitingEvent): event is UnrecognizedEvent => 'body' in event.data;

/** Understands an awaiting callback again. */
export const understandAwaiting = (
  registry: Registry,
  merchant: Merchant,
  event: AwaitingEvent,
): Result<Delivery, string> => {
  const receivedAt = Date.parse(event.receivedat);
  if (isUnrecognized(event)) {
    const body = new TextEncoder().encode(event.data.body);
    const proof = trustStoredBody(body);
    if (!proof.ok) return fail('the stored body cannot be read');
    const callback = { merchant: merchant.name, product: event.data.product, receivedAt, body };
    return understand(registry, { callback, merchant, proof: proof.value });
  }
  const proof = trustStoredFields(event.data.raw);
  const interpreted = interpret(registry, proof, { product: event.data.product, timeZone: merchant.timeZone });
  if (!interpreted.ok) return interpreted;
  const flags = event.data.flags.filter((flag) => flag === 'misrouted');
  return ok({ merchant, interpreted: interpreted.value, origin: event.origin, receivedAt, flags, isAmbiguous: false });
};

/**
 * Reads a delivery as the family that its subject was first seen as, so that each subject remains on one queue.
 *
 * @param product that family; null if the subject is new
 * @returns null if that family cannot read it
 */
export const pinTo = (registry: Registry, delivery: Delivery, product: string | null): Delivery | null => {
  const { interpreted, merchant } = delivery;
  if (product === null || product === interpreted.definition.product) return delivery;
  const pinned = reinterpret(registry, interpreted, { product, timeZone: merchant.timeZone });
  return pinned === null ? null : { ...delivery, interpreted: pinned };
};

/** What the history of a subject adds to its event. */
type FromHistory = Partial<Pick<Parameters<typeof buildEvent>[1], 'subject' | 'repeatedAt'>> & {
  readonly flags?: readonly Flag[];
};

/** The event of a delivery. */
export const eventOf = (delivery: Delivery, { flags = [], ...known }: FromHistory = {}): PaymentEvent =>
  buildEvent(delivery.interpreted, {
    merchant: delivery.merchant.name,
    origin: delivery.origin,
    receivedAt: delivery.receivedAt,
    flags: [...delivery.flags, ...flags].sort(),
    ...known,
  });
