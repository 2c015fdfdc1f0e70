import { z } from 'zod';
import {
  cloudEvent,
  dataSchemaOf as dataSchema,
  envelopeSchema,
  eventTypeOf,
  type Origin,
  sourceOf,
} from '../core/cloud-event.ts';
import {
  certainShape,
  type Failure,
  type Flag,
  isFinal,
  type PaymentEvent,
  paymentDataShape,
  type Status,
} from '../core/event.ts';
import { eventId, type Subject } from '../core/event-id.ts';
import type { Notification, ProductDefinition } from './definition.ts';
import type { InterpretedCallback } from './interpret.ts';

/** Version of `data`'s shape; raised when a consumer would have to change. */
const DATA_VERSION = 1;

const dataSchemaOf = (product: string): string => dataSchema(product, DATA_VERSION);

/** `com.paycools.payout.failed`, `com.paycools.direct-debit.payment.failed`. */
const eventType = (product: string, notificationName: string | null, status: Status): string =>
  eventTypeOf([product, notificationName, status].filter((part) => part !== null).join('.'));

/** Where and how it was received. */
export type ReceiptContext = {
  readonly merchant: string;
  readonly origin: Origin;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly flags: readonly Flag[];
  /** The subject under the name that the ledger has for it; by default the first of its names. */
  readonly subject?: Subject;
  /** Where the status was reached again after another final one: when. Milliseconds since 1970. */
  readonly repeatedAt?: number | null;
};

/** Why it failed. A failed payment always has a reason, although PayCools does not always give one. */
const failureOf = ({ status, facts }: InterpretedCallback): Failure | null => {
  if (status === 'succeeded') return null;
  const isUnexplained = status === 'failed' && facts.failure === null && facts.amount !== null;
  return isUnexplained ? { code: null, reason: 'other', message: null } : facts.failure;
};

/** Builds the event from which workers learn what happened. */
export const buildEvent = (
  interpreted: InterpretedCallback,
  { merchant, origin, receivedAt, flags, subject, repeatedAt = null }: ReceiptContext,
): PaymentEvent => {
  const { definition, facts, status } = interpreted;
  const completedAt = isFinal(status) ? facts.completedAt : null;
  const receivedat = new Date(receivedAt).toISOString();
  return cloudEvent({
    id: eventId(merchant, subject ?? facts.subject, status, repeatedAt),
    source: sourceOf(merchant),
    type: eventType(definition.product, interpreted.notificationName, status),
    subject: facts.subjectText,
    time: completedAt ?? facts.createdAt ?? receivedat,
    dataschema: dataSchemaOf(definition.product),
    origin,
    receivedat,
    data: {
      product: definition.product,
      status,
      provider: { eventName: interpreted.eventName, status: facts.rawStatus },
      merchantOrderId: facts.merchantOrderId,
      transactionId: facts.transactionId,
      amount: facts.amount,
      channelCode: facts.channelCode,
      createdAt: facts.createdAt,
      completedAt,
      failure: failureOf(interpreted),
      remark: facts.remark,
      flags,
      details: facts.details,
      raw: interpreted.raw,
    },
  });
};

/** The schemas of a notification's events: what happened decides what cannot be null. */
const notificationSchemas = ({ product }: ProductDefinition, { name, statuses, details }: Notification) => {
  const schemaOf = (some: readonly Status[], certain: Partial<typeof certainShape> = {}) => {
    const shape = { ...paymentDataShape, ...certain, details };
    const data = z.object({ product: z.literal(product), status: z.enum(some), ...shape });
    return envelopeSchema(z.enum(some.map((status) => eventType(product, name, status))), dataSchemaOf(product), data);
  };
  if (!statuses.includes('succeeded')) return [schemaOf(statuses)];
  const others = statuses.filter((status) => status !== 'succeeded' && status !== 'failed');
  const { amount, failure } = certainShape;
  return [schemaOf(['succeeded'], { amount }), schemaOf(['failed'], { failure }), schemaOf(others)];
};

/** The types of every event that a family can put on its queue. */
export const productEventTypes = ({ product, notifications }: ProductDefinition): string[] =>
  notifications.flatMap(({ name, statuses }) => statuses.map((status) => eventType(product, name, status)));

/** The schema of every event that a family can put on its queue. */
export const productEventSchema = (definition: ProductDefinition) => {
  const schemas = definition.notifications.flatMap((notification) => notificationSchemas(definition, notification));
  const [first, ...rest] = schemas;
  if (first === undefined) throw new Error(`${definition.product} has no notification`);
  return rest.length === 0 ? first : z.discriminatedUnion('type', [first, ...rest]);
};

/** JSON Schema (2020-12) of a family's events, syntheticExample from the schema that consumers validate with. */
export const productJsonSchema = (definition: ProductDefinition): Record<string, unknown> => ({
  $id: dataSchemaOf(definition.product),
  title: `${definition.product} event`,
  ...z.toJSONSchema(productEventSchema(definition)),
});
