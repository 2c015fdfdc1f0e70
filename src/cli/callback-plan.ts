import type { JsonRecord } from '../core/json.ts';
import type { Secret } from '../core/secret.ts';
import { freshExample } from '../products/fresh-example.ts';
import { products } from '../products/registry.ts';
import { signCallback } from '../verify/callback.ts';
import { UsageError } from './io.ts';
import { didYouMean } from './suggest.ts';

const CHAOS = ['duplicate', 'disorder', 'tamper', 'delay'] as const;
type Chaos = (typeof CHAOS)[number];

const DELAY_MS = 500;

/** A product's example of an event; its first example if no event is named. */
export const exampleOf = (product: string, event: string | undefined): JsonRecord => {
  const definition = products.find((it) => it.product === product);
  if (definition === undefined) {
    const known = products.map((it) => it.product);
    throw new UsageError(
      `${product} is not a product${didYouMean(product, known)}; the products are ${known.join(', ')}`,
    );
  }
  const examples = [
    ...definition.notifications.flatMap((it) => it.examples.map(({ fields }) => fields)),
    ...definition.paymentVerifications.map(({ example }) => example),
  ];
  const found = event === undefined ? examples[0] : examples.find(({ eventName }) => eventName === event);
  if (found !== undefined) return found;
  const names = [...new Set(examples.map(({ eventName }) => String(eventName)))];
  throw new UsageError(
    `${product} has no example of ${event}${didYouMean(event ?? '', names)}; it has ${names.join(', ')}`,
  );
};

/** Parses `field=value` words. Integers are sent as numbers, as PayCools does. */
export const readChanges = (changes: readonly string[]): JsonRecord =>
  Object.fromEntries(
    changes.map((change) => {
      const [, name, value = ''] = /^(\w+)=([\s\S]*)$/.exec(change) ?? [];
      if (name === undefined) throw new UsageError(`--set ${change} is not field=value`);
      return [name, /^-?\d{1,15}$/.test(value) ? Number(value) : value];
    }),
  );

export const readChaos = (text: string | undefined): ReadonlySet<Chaos> => {
  const words = text === undefined ? [] : text.split(',');
  const unknown = words.filter((word) => !CHAOS.some((it) => it === word));
  if (unknown.length > 0) throw new UsageError(`--chaos must be any of ${CHAOS.join(', ')}, not ${unknown.join(', ')}`);
  return new Set(words as Chaos[]);
};

/** A callback to send. */
export type PlannedCallback = {
  readonly fields: JsonRecord;
  readonly body: string;
  readonly delayMs: number;
  /** What chaos did to it; null if nothing. */
  readonly note: 'late' | 'again' | 'tampered' | null;
};

export type PlanOptions = {
  readonly example: JsonRecord;
  readonly changes: JsonRecord;
  readonly chaos: ReadonlySet<Chaos>;
  readonly count: number;
  readonly secret: Secret;
  /** Makes the ids of this run unique. */
  readonly mark: string;
};

const tamper = (body: string): string =>
  body.replace(/"sign":"./, (it) => `${it.slice(0, -1)}${it.endsWith('0') ? '1' : '0'}`);

/** Plans genuine callbacks, each about a new subject, with the chaos that was asked for. */
export const planCallbacks = ({ example, changes, chaos, count, secret, mark }: PlanOptions): PlannedCallback[] => {
  const plans = Array.from({ length: count }, (_, index): PlannedCallback[] => {
    const fields = { ...freshExample(example, `${mark}${index}`), ...changes };
    const body = signCallback(fields, secret);
    const delayMs = chaos.has('delay') && index % 3 === 2 ? DELAY_MS : 0;
    const callbacks: PlannedCallback[] = [{ fields, body, delayMs, note: delayMs > 0 ? 'late' : null }];
    if (chaos.has('duplicate') && index % 2 === 0) callbacks.push({ fields, body, delayMs: 0, note: 'again' });
    if (chaos.has('tamper') && index % 2 === 1)
      callbacks.push({ fields, body: tamper(body), delayMs: 0, note: 'tampered' });
    return callbacks;
  }).flat();
  return chaos.has('disorder') ? plans.map((it, index) => plans[index ^ 1] ?? it) : plans;
};
