import { z } from 'zod';
import { dataSchemaOf, envelopeSchema } from '../core/cloud-event.ts';
import type { FindingEvent, UnrecognizedEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { productEventSchema, productEventTypes } from '../products/event.ts';
import type { EventMap, EventsOf, EventType } from '../products/event-map.ts';
import { type Product, products } from '../products/registry.ts';

/** Any event of a family. */
export type AnyProductEvent = EventMap[EventType];

/** Any event that a handler can be given. */
export type AnyHandledEvent = AnyProductEvent | FindingEvent | UnrecognizedEvent;

/** What a handler gets in addition to the event. */
export type HandlerContext = {
  /** The merchant that the event is for: its name in MERCHANTS_FILE, or `default`. */
  readonly merchant: string;
  /** 1 for the first attempt, 2 for the first repetition, … Attempts that ended with a worker's death are counted. */
  readonly attempt: number;
  /**
   * Runs an effect unless it has already been done for this event; docs/consuming.md says what that can guarantee.
   * `name` distinguishes several effects of one event. Resolves to whether it ran.
   */
  readonly once: (effect: () => Promise<void>, name?: string) => Promise<boolean>;
};

export type Handler<Event> = (event: Event, context: HandlerContext) => Promise<void> | void;

/**
 * Handlers by event type, by family, and a `fallback` for the types of those families that have no other handler.
 * `findings` handles disagreements that a person should see, `unrecognized` genuine callbacks that were not understood.
 */
export type Handlers = { readonly [Type in EventType]?: Handler<EventMap[Type]> } & {
  readonly [Name in Product]?: Handler<EventsOf<Name>>;
} & {
  readonly fallback?: Handler<AnyProductEvent>;
  readonly findings?: Handler<FindingEvent>;
  readonly unrecognized?: Handler<UnrecognizedEvent>;
};

type AnyHandler = Handler<AnyHandledEvent>;

/** A queue that has handlers. */
export type Route = {
  /** Its name without braces. */
  readonly queue: string;
  readonly schema: z.ZodType;
  readonly handlerOf: (type: string) => AnyHandler | undefined;
};

/** An event type has no handler, or a handler is named after something that does not exist. */
export class HandlersError extends TypeError {
  override readonly name = 'HandlersError';
}

type Given = Readonly<Record<string, AnyHandler | undefined>>;

// Open to new kinds and members: a consumer that is older than the service must not fail an event that is only a report.

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

const unknownNames = (given: Given): string[] => {
  const types = products.flatMap((it) => [it.product, ...productEventTypes(it)]);
  const known = new Set<string>(['fallback', ...Object.keys(otherSchemas), ...types]);
  return Object.keys(given).filter((name) => !known.has(name));
};

const otherRoutes = (given: Given): Route[] =>
  Object.entries(otherSchemas).flatMap(([queue, schema]) => {
    const handler = given[queue];
    return handler === undefined ? [] : [{ queue, schema, handlerOf: () => handler }];
  });

const productRoutes = (given: Given): Route[] => {
  const handlerOf = (product: string, type: string) => given[type] ?? given[product] ?? given['fallback'];
  const mentioned = products
    .map((definition) => ({ definition, product: definition.product, types: productEventTypes(definition) }))
    .filter(({ product, types }) => [product, ...types].some((name) => given[name] !== undefined));
  const missing = mentioned.flatMap(({ product, types }) =>
    types.filter((type) => handlerOf(product, type) === undefined),
  );
  if (missing.length > 0) {
    throw new HandlersError(`no handler for ${missing.join(', ')}: add one, one for the product, or a fallback`);
  }
  return mentioned.map(({ definition, product, types }) => {
    const byType = new Map(types.map((type) => [type, handlerOf(product, type)]));
    return { queue: product, schema: productEventSchema(definition), handlerOf: (type) => byType.get(type) };
  });
};

/**
 * Finds the handler of every event type of every family with at least one handler. Such a family must be complete: an
 * event of a type without a handler would be lost silently.
 *
 * @throws HandlersError naming what is missing or unknown
 */
export const routesOf = (handlers: Handlers): Route[] => {
  const given = handlers as Given;
  const unknown = unknownNames(given);
  if (unknown.length > 0) throw new HandlersError(`not an event type or product: ${unknown.join(', ')}`);
  const routes = [...productRoutes(given), ...otherRoutes(given)];
  if (routes.length === 0) throw new HandlersError('handlers is empty: add one for an event type or a product');
  return routes;
};
