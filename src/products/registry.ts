import type { Notification, ProductDefinition } from './definition.ts';
import { payout } from './payout.ts';

/** The table of families. A new one is one file and one line here; its routes, queue, docs and metrics follow. */
export const products = [payout] as const satisfies readonly ProductDefinition[];

export type Product = (typeof products)[number]['product'];

/** A family and that kind of its news which an event name belongs to. */
export type RegistryEntry = { readonly definition: ProductDefinition; readonly notification: Notification };

/** The table, indexed. */
export type Registry = {
  readonly definitions: readonly ProductDefinition[];
  readonly byProduct: ReadonlyMap<string, ProductDefinition>;
  readonly byEventName: ReadonlyMap<string, RegistryEntry>;
};

/** Indexes a table of families. Throws where two of them claim one product or one event name. */
export const createRegistry = (definitions: readonly ProductDefinition[]): Registry => {
  const byProduct = new Map<string, ProductDefinition>();
  const byEventName = new Map<string, RegistryEntry>();
  for (const definition of definitions) {
    if (byProduct.has(definition.product)) throw new Error(`two definitions of the product ${definition.product}`);
    byProduct.set(definition.product, definition);
    for (const notification of definition.notifications) {
      for (const eventName of Object.keys(notification.events)) {
        if (byEventName.has(eventName)) throw new Error(`two products claim the event ${eventName}`);
        byEventName.set(eventName, { definition, notification });
      }
    }
  }
  return { definitions, byProduct, byEventName };
};
