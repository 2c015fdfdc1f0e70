import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildEvent } from '../../src/products/event.ts';
import { interpret } from '../../src/products/interpret.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { proofOf } from '../support/proof.ts';

const registry = createRegistry(products);

/** Every example of a callback, with its event. */
const pairs = products.flatMap(({ product, notifications }) =>
  notifications.flatMap(({ examples }) =>
    examples.map(({ fields }) => {
      const interpreted = interpret(registry, proofOf(fields), { product, timeZone: 'Asia/Manila' });
      if (!interpreted.ok) throw new Error(interpreted.error);
      const context = { merchant: 'default', origin: 'callback', receivedAt: 0, flags: [] } as const;
      return { fields, event: buildEvent(interpreted.value, context) };
    }),
  ),
);

const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], value);

/** A row of the page's table of fields: the old name and a new place. */
const rows = [...readFileSync('docs/migrating.md', 'utf8').matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].flatMap(
  ([, field = '', cell = '']) =>
    [...cell.matchAll(/`((?:data\.)[\w.]+|type|time|subject)`/g)].map(([, place = '']) => [field, place] as const),
);

describe('the fields of docs/migrating.md', () => {
  it.each(rows)('%s is at %s, which every event has', (field, place) => {
    const carrying = pairs.filter(({ fields }) => fields[field] !== undefined && fields[field] !== '');
    expect(carrying.length).toBeGreaterThan(0);
    const values = carrying.map(({ event }) => valueAt(event, place));
    expect(values).not.toContain(undefined);
    expect(values.some((value) => value !== null)).toBe(true);
  });
});
