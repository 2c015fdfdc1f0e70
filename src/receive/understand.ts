import type { Origin } from '../core/cloud-event.ts';
import type { Flag, PaymentEvent } from '../core/event.ts';
import { ok, type Result } from '../core/result.ts';
import { buildEvent } from '../products/event.ts';
import { type InterpretedCallback, interpret, reinterpret } from '../products/interpret.ts';
import type { Registry } from '../products/registry.ts';
import type { Verified } from '../verify/verify.ts';
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
  return ok({ merchant, interpreted: interpreted.value, origin: 'callback', receivedAt, flags });
};

/**
 * The same delivery as the family reads it that its subject was first seen in, so that one transaction stays on one
 * queue.
 *
 * @returns null where that family cannot read it
 */
export const pinTo = (registry: Registry, delivery: Delivery, product: string): Delivery | null => {
  const { interpreted, merchant } = delivery;
  if (product === interpreted.definition.product) return delivery;
  const pinned = reinterpret(registry, interpreted, { product, timeZone: merchant.timeZone });
  return pinned === null ? null : { ...delivery, interpreted: pinned };
};

/** The event of a delivery; `flags` are those that what was received before adds. */
export const eventOf = (delivery: Delivery, flags: readonly Flag[] = []): PaymentEvent =>
  buildEvent(delivery.interpreted, {
    ...delivery,
    merchant: delivery.merchant.name,
    flags: [...delivery.flags, ...flags].sort(),
  });
