import { productEventTypes } from '../products/event.ts';
import type { EventMap, EventsOf, EventType } from '../products/event-map.ts';
import { type Product, products } from '../products/registry.ts';

/** Any event of a family. */
export type AnyProductEvent = EventMap[EventType];

/** What a handler is given besides the event. */
export type HandlerContext = {
  /** 1 for the first attempt, 2 for the first repetition, … */
  readonly attempt: number;
  /**
   * Runs an effect unless it has already been done for this event; docs/consuming.md says what that can guarantee.
   * `name` distinguishes several effects of one event. Resolves to whether it ran.
   */
  readonly once: (effect: () => Promise<void>, name?: string) => Promise<boolean>;
};

export type Handler<Event> = (event: Event, context: HandlerContext) => Promise<void> | void;

/** Handlers by event type, by family, and a `fallback` for the types of those families that have no other handler. */
export type Handlers = { readonly [Type in EventType]?: Handler<EventMap[Type]> } & {
  readonly [Name in Product]?: Handler<EventsOf<Name>>;
} & { readonly fallback?: Handler<AnyProductEvent> };

type AnyHandler = Handler<AnyProductEvent>;

/** The handlers of one family by event type. */
export type Route = { readonly product: Product; readonly byType: ReadonlyMap<string, AnyHandler> };

/** An event type has no handler, or a handler is named after something that does not exist. */
export class HandlersError extends TypeError {
  override readonly name = 'HandlersError';
}

const unknownNames = (handlers: Handlers): string[] => {
  const known = new Set<string>(['fallback', ...products.flatMap((it) => [it.product, ...productEventTypes(it)])]);
  return Object.keys(handlers).filter((name) => !known.has(name));
};

/**
 * Finds the handler of every event type of every family with at least one handler. Such a family must be complete: an
 * event of a type without a handler would be lost silently.
 *
 * @throws HandlersError naming what is missing or unknown
 */
export const routesOf = (handlers: Handlers): Route[] => {
  const given = handlers as Readonly<Record<string, AnyHandler | undefined>>;
  const unknown = unknownNames(handlers);
  if (unknown.length > 0) throw new HandlersError(`not an event type or product: ${unknown.join(', ')}`);
  const isMentioned = (product: string, types: readonly string[]): boolean =>
    [product, ...types].some((name) => given[name] !== undefined);
  const mentioned = products
    .map((definition) => ({ product: definition.product, types: productEventTypes(definition) }))
    .filter(({ product, types }) => isMentioned(product, types));
  if (mentioned.length === 0) throw new HandlersError('handlers is empty: add one for an event type or a product');
  const handlerOf = (product: string, type: string) => given[type] ?? given[product] ?? given['fallback'];
  const missing = mentioned.flatMap(({ product, types }) =>
    types.filter((type) => handlerOf(product, type) === undefined),
  );
  if (missing.length > 0) {
    throw new HandlersError(`no handler for ${missing.join(', ')}: add one, one for the product, or a fallback`);
  }
  return mentioned.map(({ product, types }) => ({
    product,
    byType: new Map(types.map((type) => [type, handlerOf(product, type) as AnyHandler])),
  }));
};
