import type { JsonRecord } from '../../src/core/json.ts';
import { products } from '../../src/products/registry.ts';

/** The fields of a family's first example with this event name, without `sign`. */
export const exampleFields = (product: string, eventName: string): JsonRecord => {
  const definition = products.find((it) => it.product === product);
  const examples = definition?.notifications.flatMap((it) => it.examples) ?? [];
  const found = examples.find(({ fields }) => fields['eventName'] === eventName);
  if (found === undefined) throw new Error(`${product} has no example of ${eventName}`);
  return found.fields;
};
