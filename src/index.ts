/**
 * Events, their schemas and callback signatures, for a merchant's workers and tests. Loads only zod.
 *
 * @packageDocumentation
 */
export { merchantOf, type Origin, origins } from './core/cloud-event.ts';
export type {
  AnyEvent,
  FindingEvent,
  Flag,
  PaymentData,
  PaymentEvent,
  Status,
  UnrecognizedData,
  UnrecognizedEvent,
} from './core/event.ts';
export { flags, isFinal, statuses } from './core/event.ts';
export type { Amount } from './core/money.ts';
export {
  type PaymentVerificationData,
  type PaymentVerificationEvent,
  type VerificationAnswer,
  verificationAnswerSchema,
} from './core/payment-verification.ts';
export { Secret } from './core/secret.ts';
export type { ProductDefinition } from './products/definition.ts';
export { productEventSchema, productJsonSchema } from './products/event.ts';
export type { EventMap, EventOf, EventsOf, EventType } from './products/event-map.ts';
export { type EventOverrides, exampleEvent } from './products/example-event.ts';
export { type Product, products } from './products/registry.ts';
export { signCallback, signEnvelope, verifyCallback } from './verify/callback.ts';
export { loadPublicKey } from './verify/keys.ts';
export type { CallbackKeys, Scheme } from './verify/verify.ts';
