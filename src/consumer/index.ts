/**
 * Typed workers for the service's events. Needs bullmq, ioredis and zod, but never fastify.
 *
 * @packageDocumentation
 */
export { merchantOf } from '../core/cloud-event.ts';
export type { FindingEvent, PaymentEvent, UnrecognizedEvent } from '../core/event.ts';
export type { PaymentVerificationEvent, VerificationAnswer } from '../core/payment-verification.ts';
export type { EventMap, EventOf, EventsOf, EventType } from '../products/event-map.ts';
export { type EventOverrides, exampleEvent } from '../products/example-event.ts';
export { createConsumer } from './create-consumer.ts';
export {
  type AnyHandledEvent,
  type AnyProductEvent,
  type Handler,
  type HandlerContext,
  type Handlers,
  HandlersError,
} from './handlers.ts';
export { InProgressError } from './once.ts';
export type { Answerer, Consumer, ConsumerOptions, Failed, ReadyOptions } from './options.ts';
export { PermanentFailure } from './permanent-failure.ts';
export { PostponedError } from './postponed-error.ts';
export type { Processed } from './process-event.ts';
export { ConsumerNotReadyError } from './wait-until-ready.ts';
