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
  type Failure,
  type Flag,
  guaranteedShape,
  isFinal,
  type PaymentEvent,
  paymentDataShape,
  type Status,
} from '../core/event.ts';
import { eventId, type Subject } from '../core/event-id.ts';
import type { Notification, ProductDefinition } from './definition.ts';
import type { InterpretedCallback } from './interpret.ts';

/** Version of the shape of `data`, increased with every breaking change. */
const DATA_VERSION = 1;

const dataSchemaOf = (product: string): string => dataSchema(product, DATA_VERSION);

/** `com.paycools.payout.failed`, `com.paycools.direct-debit.payment.failed`. */
const eventType = (product: string, notificationName: string | null, status: Status): string =>
  eventTypeOf([product, notificationName, status].filter((part) => part !== null).join('.'));

/** How the callback was received, and what the ledger knows about its subject. */
export type ReceiptContext = {
  readonly merchant: string;
  readonly origin: Origin;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly flags: readonly Flag[];
  /** The name under which the ledger keeps the subject. Default: the first of its names. */
  readonly subject?: Subject;
  /** When a status was reached again after another final one, in milliseconds since 1970; otherwise null. */
  readonly repeatedAt?: number | null;
};

/** A failed payment always has a failure, even if PayCools gives no reason. */
const failureOf = ({ status, facts }: InterpretedCallback): Failure | null => {
  if (status === 'succeeded') return null;
  const isUnexplained = status === 'failed' && facts.failure === null && facts.amount !== null;
  return isUnexplained ? { code: null, reason: 'other', message: null } : facts.failure;
};

/** Builds the event for workers. */
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

/** The schemas of a notification's events. The status determines which members are never null. */
const notificationSchemas = ({ product }: ProductDefinition, { name, statuses, details }: Notification) => {
  const schemaOf = (subset: readonly Status[], certain: Partial<typeof guaranteedShape> = {}) => {
    const shape = { ...paymentDataShape, ...certain, details };
    const data = z.object({ product: z.literal(product), status: z.enum(subset), ...shape });
    const types = subset.map((status) => eventType(product, name, status));
    return envelopeSchema(z.enum(types), dataSchemaOf(product), data);
  };
  if (!statuses.includes('succeeded')) return [schemaOf(statuses)];
  const others = statuses.filter((status) => status !== 'succeeded' && status !== 'failed');
  const { amount, failure } = guaranteedShape;
  return [schemaOf(['succeeded'], { amount }), schemaOf(['failed'], { failure }), schemaOf(others)];
};

/** The types of the events on a family's queue. */
export const productEventTypes = ({ product, notifications }: ProductDefinition): string[] =>
  notifications.flatMap(({ name, statuses }) => statuses.map((status) => eventType(product, name, status)));

/** The schema of the events on a family's queue. */
export const productEventSchema = (definition: ProductDefinition) => {
  const schemas = definition.notifications.flatMap((notification) => notificationSchemas(definition, notification));
  const [first, ...rest] = schemas;
  if (first === undefined) throw new Error(`${definition.product} has no notification`);
  return rest.length === 0 ? first : z.discriminatedUnion('type', [first, ...rest]);
};

/** JSON Schema (2020-12) of a family's events, generated from the schema that consumers validate with. */
export const productJsonSchema = (definition: ProductDefinition): Record<string, unknown> => ({
  $id: dataSchemaOf(definition.product),
  title: `${definition.product} event`,
  ...z.toJSONSchema(productEventSchema(definition)),
});
