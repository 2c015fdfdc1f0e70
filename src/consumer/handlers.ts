import { z } from 'zod';
import { dataSchemaOf, envelopeSchema } from '../core/cloud-event.ts';
import type { FindingEvent, UnrecognizedEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { productEventSchema, productEventTypes } from '../products/event.ts';
import type { EventMap, EventsOf, EventType } from '../products/event-map.ts';
import { type Product, products } from '../products/registry.ts';

/** Any event of a product. */
export type AnyProductEvent = EventMap[EventType];

/** Any event that a handler can get. */
export type AnyHandledEvent = AnyProductEvent | FindingEvent | UnrecognizedEvent;

/** Second argument of a handler. */
export type HandlerContext = {
  /** The merchant that the event is for: its name in `MERCHANTS_FILE`, or `default`. */
  readonly merchant: string;
  /** Number of the attempt; the first one is 1. Attempts during which the worker died count too. */
  readonly attempt: number;
  /**
   * Runs an effect unless it is recorded as done for this event; docs/consuming.md explains what this guarantees.
   *
   * @param name distinguishes several effects of one event; default `'effect'`
   * @returns whether it ran
   * @throws InProgressError while another worker runs it
   */
  readonly once: (effect: () => Promise<void>, name?: string) => Promise<boolean>;
};

/**
 * Handles an event. If it throws, the job is retried. A PermanentFailure prevents that; a PostponedError delays the event
 * without using up an attempt.
 */
export type Handler<Event> = (event: Event, context: HandlerContext) => Promise<void> | void;

/**
 * Handlers by event type or product. `fallback` handles the remaining event types of the products that have a handler,
 * `findings` disagreements that a person should see, and `unrecognized` genuine callbacks that were not understood.
 */
export type Handlers = { readonly [Type in EventType]?: Handler<EventMap[Type]> } & {
  readonly [Name in Product]?: Handler<EventsOf<Name>>;
} & {
  readonly fallback?: Handler<AnyProductEvent>;
  readonly findings?: Handler<FindingEvent>;
  readonly unrecognized?: Handler<UnrecognizedEvent>;
};

type AnyHandler = Handler<AnyHandledEvent>;

/** A queue and the handlers of its events. */
export type Route = {
  /** Name of the queue, without braces. */
  readonly queue: string;
  readonly schema: z.ZodType;
  readonly handlerOf: (type: string) => AnyHandler | undefined;
};

/** An event type has no handler, or a handler is named after neither an event type nor a product. */
export class HandlersError extends TypeError {
  override readonly name = 'HandlersError';
}

type HandlersByName = Readonly<Record<string, AnyHandler | undefined>>;

// Loose on purpose: a consumer older than the service must not fail a report because of a new kind or member.

/** The events on `{findings}`. */
const findingSchema = envelopeSchema(
  z.string().startsWith('com.paycools.finding.'),
  dataSchemaOf('finding'),
  z.looseObject({ kind: z.string(), product: z.string(), eventId: z.string(), summary: z.string() }),
);

/** The events on `{unrecognized}`. */
const unrecognizedSchema = envelopeSchema(
  z.literal('com.paycools.unrecognized'),
  dataSchemaOf('unrecognized'),
  z.looseObject({ reason: z.string(), body: z.string() }),
);

const otherSchemas = { [queues.findings]: findingSchema, [queues.unrecognized]: unrecognizedSchema } as const;

const unknownNames = (handlers: HandlersByName): string[] => {
  const types = products.flatMap((it) => [it.product, ...productEventTypes(it)]);
  const known = new Set<string>(['fallback', ...Object.keys(otherSchemas), ...types]);
  return Object.keys(handlers).filter((name) => !known.has(name));
};

const otherRoutes = (handlers: HandlersByName): Route[] =>
  Object.entries(otherSchemas).flatMap(([queue, schema]) => {
    const handler = handlers[queue];
    return handler === undefined ? [] : [{ queue, schema, handlerOf: () => handler }];
  });

const productRoutes = (handlers: HandlersByName): Route[] => {
  const handlerOf = (product: string, type: string) => handlers[type] ?? handlers[product] ?? handlers['fallback'];
  const consumed = products
    .map((definition) => ({ definition, product: definition.product, types: productEventTypes(definition) }))
    .filter(({ product, types }) => [product, ...types].some((name) => handlers[name] !== undefined));
  const missing = consumed.flatMap(({ product, types }) =>
    types.filter((type) => handlerOf(product, type) === undefined),
  );
  if (missing.length > 0) {
    throw new HandlersError(`no handler for ${missing.join(', ')}: add one, one for the product, or a fallback`);
  }
  return consumed.map(({ definition, product, types }) => {
    const byType = new Map(types.map((type) => [type, handlerOf(product, type)]));
    return { queue: product, schema: productEventSchema(definition), handlerOf: (type) => byType.get(type) };
  });
};

/**
 * Builds the routes of all products that have a handler. Such a product must be complete, because an event of a type
 * without a handler would be lost silently.
 *
 * @throws HandlersError that lists what is missing or unknown
 */
export const createRoutes = (handlers: Handlers): Route[] => {
  const byName = handlers as HandlersByName;
  const unknown = unknownNames(byName);
  if (unknown.length > 0) throw new HandlersError(`not an event type or product: ${unknown.join(', ')}`);
  const routes = [...productRoutes(byName), ...otherRoutes(byName)];
  if (routes.length === 0) throw new HandlersError('handlers is empty: add one for an event type or a product');
  return routes;
};
