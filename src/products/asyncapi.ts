import { z } from 'zod';
import { verificationAnswerSchema } from '../core/payment-verification.ts';
import type { ProductDefinition } from './definition.ts';
import { productEventTypes, productJsonSchema } from './event.ts';

type Json = Readonly<Record<string, unknown>>;

/** A schema inside a document must not have its own `$id` and `$schema`. */
const embedded = ({ $id: _id, $schema: _schema, ...schema }: Json): Json => schema;

const eventChannel = (definition: ProductDefinition): Json => {
  const { product, title } = definition;
  return {
    address: `{${product}}`,
    title,
    description: `BullMQ queue; the job's name is the event's type, its data the event.`,
    messages: { event: { $ref: `#/components/messages/${product}` } },
  };
};

const eventMessage = (definition: ProductDefinition): Json => ({
  name: definition.product,
  title: `${definition.title} event`,
  summary: productEventTypes(definition).join(', '),
  contentType: 'application/cloudevents+json',
  payload: embedded(productJsonSchema(definition)),
});

const cloudEvent = (type: string): Json => ({
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
  properties: { specversion: { const: '1.0' }, type: { type: 'string', pattern: type }, data: { type: 'object' } },
});

const others = {
  unrecognized: { title: 'Genuine, but not understood', type: '^com\\.paycools\\.unrecognized$' },
  findings: { title: 'Disagreements that a person should see', type: '^com\\.paycools\\.finding\\.' },
  'payment-verification': {
    title: 'Payment verifications',
    type: '^com\\.paycools\\.payment-verification\\.requested$',
  },
} as const;

const otherChannel = (queue: keyof typeof others): Json => ({
  address: `{${queue}}`,
  title: others[queue].title,
  messages: { event: { $ref: `#/components/messages/${queue}` } },
});

const otherMessage = (queue: keyof typeof others): Json => ({
  name: queue,
  title: others[queue].title,
  contentType: 'application/cloudevents+json',
  payload: cloudEvent(others[queue].type),
});

export type AsyncApiOptions = { readonly definitions: readonly ProductDefinition[]; readonly version: string };

/** AsyncAPI 3 document of the queues, generated from the schemas that consumers validate with. */
export const asyncApiDocument = ({ definitions, version }: AsyncApiOptions): Json => {
  const names = Object.keys(others) as (keyof typeof others)[];
  const queues = [...definitions.map(({ product }) => product), ...names];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'paycools-webhooks: queues',
      version,
      description: 'The BullMQ queues that the service writes to. Their prefix is QUEUE_PREFIX, by default paycools.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries([
      ...definitions.map((definition) => [definition.product, eventChannel(definition)]),
      ...names.map((queue) => [queue, otherChannel(queue)]),
    ]),
    operations: Object.fromEntries(
      queues.map((queue) => [
        `send-${queue}`,
        {
          action: 'send',
          channel: { $ref: `#/channels/${queue}` },
          messages: [{ $ref: `#/channels/${queue}/messages/event` }],
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries([
        ...definitions.map((definition) => [definition.product, eventMessage(definition)]),
        ...names.map((queue) => [queue, otherMessage(queue)]),
      ]),
      schemas: { VerificationAnswer: embedded(z.toJSONSchema(verificationAnswerSchema, { io: 'input' })) },
    },
  };
};
