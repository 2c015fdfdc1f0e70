/**
 * Typed workers for the events of the service. Needs bullmq, ioredis and zod; never loads fastify.
 *
 * @packageDocumentation
 */
export type { PaymentEvent } from '../core/event.ts';
export type { PaymentVerificationEvent, VerificationAnswer } from '../core/payment-verification.ts';
export type { EventMap, EventOf, EventsOf, EventType } from '../products/event-map.ts';
export { type Answerer, type Consumer, type ConsumerOptions, createConsumer, type Failed } from './create-consumer.ts';
export { type AnyProductEvent, type Handler, type HandlerContext, type Handlers, HandlersError } from './handlers.ts';
export { InProgressError } from './once.ts';
export { PermanentFailure } from './permanent-failure.ts';
export type { Processed } from './process-event.ts';
