/**
 * Events, their schemas, and the signature: what a worker or a test of a merchant needs, and nothing but zod.
 *
 * @packageDocumentation
 */
export type {
  AnyEvent,
  FindingEvent,
  Flag,
  Origin,
  PaymentData,
  PaymentEvent,
  Status,
  UnrecognizedEvent,
} from './core/event.ts';
export { flags, isFinal, origins, statuses } from './core/event.ts';
export type { Amount } from './core/money.ts';
export { Secret } from './core/secret.ts';
export type { ProductDefinition } from './products/definition.ts';
export { productEventSchema, productJsonSchema } from './products/event.ts';
export { type Product, products } from './products/registry.ts';
export { signCallback, verifyCallback } from './verify/callback.ts';
