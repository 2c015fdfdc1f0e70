import type { Status } from '../core/event.ts';
import type { Notification, ProductDefinition } from './definition.ts';
import { bankTransfer } from './families/bank-transfer.ts';
import { checkout } from './families/checkout.ts';
import { directDebit } from './families/direct-debit.ts';
import { ekyc } from './families/ekyc.ts';
import { payout } from './families/payout.ts';
import { qrCode } from './families/qr-code.ts';
import { refund } from './families/refund.ts';
import { virtualAccount } from './families/virtual-account.ts';
import { webPayment } from './families/web-payment.ts';
import type { PaymentVerificationDefinition } from './payment-verification.ts';

/** All families. A new one is one file and one line here; its routes, queue, docs and metrics are derived. */
export const products = [
  payout,
  virtualAccount,
  qrCode,
  bankTransfer,
  webPayment,
  refund,
  checkout,
  directDebit,
  ekyc,
] as const satisfies readonly ProductDefinition[];

export type Product = (typeof products)[number]['product'];

/** A family and one kind of its notifications. */
export type RegistryEntry = {
  readonly definition: ProductDefinition;
  readonly notification: Notification;
  /** The status that each event name implies. A Map, because the names that are looked up are foreign input. */
  readonly statusByName: ReadonlyMap<string, Status>;
};

/** A family and one of its payment verifications. */
export type PaymentVerificationEntry = {
  readonly definition: ProductDefinition;
  readonly verification: PaymentVerificationDefinition;
};

/** The families, indexed by product and by event name. */
export type Registry = {
  readonly definitions: readonly ProductDefinition[];
  readonly byProduct: ReadonlyMap<string, ProductDefinition>;
  readonly byEventName: ReadonlyMap<string, RegistryEntry>;
  readonly paymentVerifications: ReadonlyMap<string, PaymentVerificationEntry>;
  /** The entry of an event name, else that of a product which takes unknown names at its address. */
  readonly find: (eventName: string | null, product: string | null) => RegistryEntry | undefined;
};

const addOnce = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
  if (map.has(key)) throw new Error(`two products claim ${key}`);
  map.set(key, value);
};

export const entryOf = (definition: ProductDefinition, notification: Notification): RegistryEntry => ({
  definition,
  notification,
  statusByName: new Map(Object.entries(notification.events)),
});

/**
 * Indexes the families.
 *
 * @throws Error if two of them claim the same product or event name
 */
export const createRegistry = (definitions: readonly ProductDefinition[]): Registry => {
  const byProduct = new Map<string, ProductDefinition>();
  const byEventName = new Map<string, RegistryEntry>();
  const paymentVerifications = new Map<string, PaymentVerificationEntry>();
  const catchAll = new Map<string, RegistryEntry>();
  for (const definition of definitions) {
    addOnce(byProduct, definition.product, definition);
    for (const verification of definition.paymentVerifications) {
      addOnce(paymentVerifications, verification.eventName, { definition, verification });
    }
    for (const notification of definition.notifications) {
      const entry = entryOf(definition, notification);
      if (notification.takesOtherEvents === true) addOnce(catchAll, definition.product, entry);
      for (const eventName of entry.statusByName.keys()) addOnce(byEventName, eventName, entry);
    }
  }
  const find: Registry['find'] = (eventName, product) =>
    byEventName.get(eventName ?? '') ?? (product === null ? undefined : catchAll.get(product));
  return { definitions, byProduct, byEventName, paymentVerifications, find };
};
