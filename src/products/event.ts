import { z } from 'zod';
import {
  envelopeSchema,
  type Flag,
  isFinal,
  type Origin,
  type PaymentEvent,
  paymentDataShape,
  type Status,
} from '../core/event.ts';
import { eventId } from '../core/event-id.ts';
import type { Notification, ProductDefinition } from './definition.ts';
import type { News } from './interpret.ts';

/** Version of `data`'s shape; raised when a consumer would have to change. */
const DATA_VERSION = 1;

export const sourceOf = (merchant: string): string => `urn:paycools:${merchant}`;

const dataSchemaOf = (product: string): string => `urn:paycools-webhooks:${product}:${DATA_VERSION}`;

/** `com.paycools.payout.failed`, `com.paycools.direct-debit.payment.failed`. */
const eventType = (product: string, notificationName: string | null, status: Status): string =>
  ['com.paycools', product, notificationName, status].filter((part) => part !== null).join('.');

/** Where and how the news came in. */
export type Reception = {
  readonly merchant: string;
  readonly origin: Origin;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly flags: readonly Flag[];
};

/** The event that tells the news. */
export const buildEvent = (news: News, { merchant, origin, receivedAt, flags }: Reception): PaymentEvent => {
  const { definition, facts, status } = news;
  const completedAt = isFinal(status) ? facts.completedAt : null;
  const receivedat = new Date(receivedAt).toISOString();
  return {
    specversion: '1.0',
    id: eventId(merchant, facts.subject, status),
    source: sourceOf(merchant),
    type: eventType(definition.product, news.notificationName, status),
    subject: facts.about,
    time: completedAt ?? facts.createdAt ?? receivedat,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(definition.product),
    origin,
    receivedat,
    data: {
      product: definition.product,
      status,
      provider: { eventName: news.eventName, status: facts.statusWord },
      merchantOrderId: facts.merchantOrderId,
      transactionId: facts.transactionId,
      amount: facts.amount,
      channelCode: facts.channelCode,
      createdAt: facts.createdAt,
      completedAt,
      failure: status === 'succeeded' ? null : facts.failure,
      remark: facts.remark,
      flags,
      details: facts.details,
      raw: news.raw,
    },
  };
};

const notificationSchema = ({ product }: ProductDefinition, { name, statuses, details }: Notification) =>
  envelopeSchema(
    z.enum(statuses.map((status) => eventType(product, name, status))),
    dataSchemaOf(product),
    z.object({ product: z.literal(product), status: z.enum(statuses), ...paymentDataShape, details }),
  );

/** The types of every event that a family can put on its queue. */
export const productEventTypes = ({ product, notifications }: ProductDefinition): string[] =>
  notifications.flatMap(({ name, statuses }) => statuses.map((status) => eventType(product, name, status)));

/** The schema of every event that a family can put on its queue. */
export const productEventSchema = (definition: ProductDefinition) => {
  const [first, ...rest] = definition.notifications.map((notification) => notificationSchema(definition, notification));
  if (first === undefined) throw new Error(`${definition.product} has no notification`);
  return rest.length === 0 ? first : z.union([first, ...rest]);
};

/** JSON Schema (2020-12) of a family's events, made from the schema that consumers validate with. */
export const productJsonSchema = (definition: ProductDefinition): Record<string, unknown> => ({
  $id: dataSchemaOf(definition.product),
  title: `${definition.product} event`,
  ...z.toJSONSchema(productEventSchema(definition)),
});
