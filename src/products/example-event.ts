import { describeIssues } from '../core/describe-issues.ts';
import type { PaymentEvent } from '../core/event.ts';
import { amountOf } from '../core/money.ts';
import { Secret } from '../core/secret.ts';
import { signCallback } from '../verify/callback.ts';
import { verify } from '../verify/verify.ts';
import { decode } from '../wire/decode.ts';
import type { Example, ProductDefinition } from './definition.ts';
import { buildEvent, productEventSchema, productEventTypes } from './event.ts';
import type { EventOf, EventType } from './event-map.ts';
import { interpret } from './interpret.ts';
import { createRegistry, products } from './registry.ts';

const registry = createRegistry(products);
const secret = new Secret('example');
const RECEIVED_AT = Date.parse('2026-11-24T12:00:00.000Z');

/** The event that results from the body of an example. */
export const eventOfExample = ({ product }: ProductDefinition, { fields }: Example): PaymentEvent => {
  const body = decode(new TextEncoder().encode(signCallback(fields, secret)));
  const proof = body.ok ? verify(body.value, { secrets: [secret], publicKeys: [] }) : body;
  if (!proof.ok) throw new Error(`an example of ${product} cannot be verified`);
  const interpreted = interpret(registry, proof.value, { product, timeZone: 'Asia/Manila' });
  if (!interpreted.ok) throw new Error(`an example of ${product} is not understood: ${interpreted.error}`);
  return buildEvent(interpreted.value, { merchant: 'default', origin: 'callback', receivedAt: RECEIVED_AT, flags: [] });
};

/** A deep partial. Arrays and null replace the original value. */
type PartOf<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Name in keyof Value]?: PartOf<Value[Name]> }
    : Value;

/** What `exampleEvent` may change. Type, product and status are fixed, because they belong together. */
export type EventOverrides<Type extends EventType> = PartOf<
  Omit<EventOf<Type>, 'type' | 'data'> & { readonly data: Omit<EventOf<Type>['data'], 'product' | 'status'> }
>;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const merge = (base: unknown, change: unknown): unknown => {
  if (change === undefined) return base;
  if (!isMembers(base) || !isMembers(change)) return change;
  const names = new Set([...Object.keys(base), ...Object.keys(change)]);
  return Object.fromEntries([...names].map((name) => [name, merge(base[name], change[name])]));
};

/** Derives the decimal text from the centavos. */
const withExactAmount = (data: PaymentEvent['data']): PaymentEvent['data'] =>
  data.amount === null ? data : { ...data, amount: amountOf(data.amount.minor, data.amount.currency ?? 'PHP') };

const definitionOf = (type: string): ProductDefinition => {
  const found = products.find((definition) => productEventTypes(definition).includes(type));
  if (found === undefined) throw new TypeError(`${type} is not an event type`);
  return found;
};

/**
 * Returns a complete, valid event for testing handlers.
 *
 * @param type such as `com.paycools.payout.succeeded`
 * @param overrides members to change, at any depth: `{ data: { merchantOrderId: 'A1', amount: { minor: 50010 } } }`
 * @throws TypeError if the type is unknown, or the overrides make the event invalid
 */
export const exampleEvent = <Type extends EventType>(type: Type, overrides?: EventOverrides<Type>): EventOf<Type> => {
  const definition: ProductDefinition = definitionOf(type);
  const examples = definition.notifications.flatMap((notification) => notification.examples);
  const example = examples.map((it) => eventOfExample(definition, it)).find((event) => event.type === type);
  if (example === undefined) throw new TypeError(`there is no example of ${type}`);
  const merged = merge(example, overrides) as PaymentEvent;
  const { product, status } = example.data;
  const event = { ...merged, type, data: withExactAmount({ ...merged.data, product, status }) };
  const checked = productEventSchema(definition).safeParse(event);
  if (!checked.success) throw new TypeError(`not a valid ${type}: ${describeIssues(checked.error).join('; ')}`);
  return event as unknown as EventOf<Type>; // the schema of this type accepted it
};
