import type { Origin } from '../core/cloud-event.ts';
import type { Flag, PaymentEvent, UnrecognizedEvent } from '../core/event.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { buildEvent } from '../products/event.ts';
import { type InterpretedCallback, interpret, reinterpret } from '../products/interpret.ts';
import type { Registry } from '../products/registry.ts';
import { trustStoredBody, trustStoredFields, type Verified } from '../verify/verify.ts';
import type { Merchant, SpooledCallback } from './ports.ts';

/** A callback of which it is proved that PayCools sent it to this merchant. */
export type Genuine = {
  readonly callback: SpooledCallback;
  readonly merchant: Merchant;
  readonly proof: Verified;
};

/** What happened, with everything that is needed to store it, now or when Redis is back. */
export type Delivery = {
  readonly merchant: Merchant;
  readonly interpreted: InterpretedCallback;
  readonly origin: Origin;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Flags that do not depend on what was received before. */
  readonly flags: readonly Flag[];
  /** Whether the signature alone does not prove it, because the signed text could be read in another way. */
  readonly isAmbiguous: boolean;
};

/** What the address of a callback says about it. */
const addressFlags = (product: string | null, { definition }: InterpretedCallback): readonly Flag[] =>
  product !== null && product !== definition.product ? ['misrouted'] : [];

/**
 * Understands a genuine callback: the one way from signed fields to what happened, whether it has just arrived, comes
 * out of the spool, or is redriven or replayed.
 *
 * @returns what is to be delivered, or why it is not understood, as a sentence for an operator
 */
export const understand = (registry: Registry, { callback, merchant, proof }: Genuine): Result<Delivery, string> => {
  const { product, receivedAt } = callback;
  const interpreted = interpret(registry, proof, { product, timeZone: merchant.timeZone });
  if (!interpreted.ok) return interpreted;
  const flags = addressFlags(product, interpreted.value);
  const { isAmbiguous } = proof;
  return ok({ merchant, interpreted: interpreted.value, origin: 'callback', receivedAt, flags, isAmbiguous });
};

/** A callback that is waiting for its confirmation: as an event, or as unrecognized where its signed text is ambiguous. */
export type AwaitingEvent = PaymentEvent | UnrecognizedEvent;

/** Whether it waits as unrecognized, so that it may be on that queue too. */
export const isUnrecognized = (event: AwaitingEvent): event is UnrecognizedEvent => 'body' in event.data;

/** Understands again what waited for its confirmation. */
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
 * The same delivery as the family reads it that its subject was first seen in, so that one transaction stays on one
 * queue.
 *
 * @returns null where that family cannot read it
 */
export const pinTo = (registry: Registry, delivery: Delivery, product: string | null): Delivery | null => {
  const { interpreted, merchant } = delivery;
  if (product === null || product === interpreted.definition.product) return delivery;
  const pinned = reinterpret(registry, interpreted, { product, timeZone: merchant.timeZone });
  return pinned === null ? null : { ...delivery, interpreted: pinned };
};

/** What the history of its subject adds to an event. */
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
