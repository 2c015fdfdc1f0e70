import type { PaymentEvent, Status } from '../../src/core/event.ts';
import type { Example, Notification, ProductDefinition } from '../../src/products/definition.ts';
import { eventOfExample } from '../../src/products/example-event.ts';
import { products } from '../../src/products/registry.ts';
import { type EventField, fieldsOf, sourcesOf } from './event-fields.ts';
import { eventRules } from './event-rules.ts';
import { code, generatedFrom, json, table } from './markdown.ts';

type Row = { readonly event: PaymentEvent; readonly example: Example };

/** The first example of each status. */
const rowsOf = (definition: ProductDefinition, { statuses, examples }: Notification): Row[] => {
  const rows = examples.map((example) => ({ event: eventOfExample(definition, example), example }));
  return statuses.map((status: Status) => {
    const row = rows.find(({ event }) => event.data.status === status);
    if (row === undefined) throw new Error(`${definition.product} has no example of ${status}`);
    return row;
  });
};

const rowsByProduct = products.map((definition) => ({
  definition,
  rows: definition.notifications.flatMap((notification) => rowsOf(definition, notification)),
}));

const sourceWord = ({ isDocumented }: Example): string =>
  isDocumented ? "PayCools's documentation" : 'made from its field tables';

/** A link to the heading of an event type. */
const linkTo = (type: string): string => `[\`${type}\`](#${type.replaceAll('.', '')})`;

const allTypes = (): string =>
  table(
    ['type', 'queue', 'callback: eventName', 'callback: status', 'example'],
    rowsByProduct.flatMap(({ definition, rows }) =>
      rows.map(({ event, example }) => [
        linkTo(event.type),
        code(`{${definition.product}}`),
        code(event.data.provider.eventName ?? ''),
        code(event.data.provider.status ?? ''),
        sourceWord(example),
      ]),
    ),
  );

/** The meaning of members that are the same in every event. */
const COMMON: Readonly<Record<string, string>> = {
  specversion: 'Version of CloudEvents.',
  type: 'The family and the status that was reached.',
  datacontenttype: 'Media type of `data`.',
  dataschema: 'Name and version of the schema of `data`.',
  origin: 'Whether PayCools sent a callback or a reconciliation found it.',
  data: 'The details of the event.',
  'data.product': 'The family.',
  'data.status': 'The status that the subject has reached.',
  'data.details': 'Members that only this family has.',
};

const meaningOf = ({ path, meaning }: EventField): string => (meaning === '' ? (COMMON[path] ?? '') : meaning);

type Sources = ReturnType<typeof sourcesOf>;

/** The callback fields that a member, or any member below it, is derived from. */
const sourceOf = (path: string, sources: Sources): string => {
  const names = [...sources].flatMap(([found, it]) => (found === path || found.startsWith(`${path}.`) ? [...it] : []));
  return [...new Set(names)].map(code).join(', ');
};

const isEnvelope = ({ path }: EventField): boolean => !path.startsWith('data.');

const envelopeTable = (): string => {
  const [definition] = products;
  const fields = fieldsOf(definition, 'com.paycools.payout.succeeded').filter(isEnvelope);
  const rows = fields.map((field) => [
    code(field.path),
    field.path === 'type' ? 'string' : field.type,
    meaningOf(field),
  ]);
  return table(['member', 'type', 'meaning'], rows);
};

const fieldTable = (definition: ProductDefinition, type: string): string => {
  const examples = definition.notifications
    .filter(({ name }) => name === null || type.includes(`.${name}.`))
    .flatMap((notification) => notification.examples);
  const sources = sourcesOf(definition, examples);
  const rows = fieldsOf(definition, type)
    .filter((field) => !isEnvelope(field))
    .map((field) => [
      code(field.path.replace('data.', '')),
      field.type,
      field.isNullable ? 'can be null' : 'never null',
      meaningOf(field),
      sourceOf(field.path, sources),
    ]);
  return table(['member of `data`', 'type', 'null', 'meaning', 'from'], rows);
};

const section = ({ definition, rows }: (typeof rowsByProduct)[number]): string => {
  const { product, title, menu, notifications, paymentVerifications } = definition;
  const names = notifications.flatMap(({ events }) => Object.keys(events));
  const from = names.length === 0 ? 'any, on its address' : names.map(code).join(', ');
  const asked = paymentVerifications.map(
    ({ eventName }) =>
      `\n\nThe payment verification ${code(eventName)} goes to the queue ${code('{payment-verification}')}.`,
  );
  const examples = rows.map(
    ({ event }) => `### ${event.type}\n\n${fieldTable(definition, event.type)}\n\n${json(event)}`,
  );
  return `## ${title}

Queue ${code(`{${product}}`)}, address ${code(`/callbacks/${product}`)}, menu ${menu}. Event names: ${from}.${asked.join('')}

${examples.join('\n\n')}
`;
};

/** docs/events.md */
export const eventsPage = (): string => `# Events

${generatedFrom('src/products/')}
Every event is a CloudEvents 1.0 JSON object. The name of its job is its \`type\`. Its JSON Schema is served at
\`/schemas/{product}.json\` of the operations listener. In addition to the queues of the families there are:

${table(
  ['queue', 'type', 'content'],
  [
    [
      '`{unrecognized}`',
      '`com.paycools.unrecognized`',
      'a genuine callback that was not understood, with its body and the reason',
    ],
    [
      '`{findings}`',
      '`com.paycools.finding.` and its kind',
      'a disagreement that a person should see: [findings](#findings)',
    ],
    [
      '`{payment-verification}`',
      '`com.paycools.payment-verification.requested`',
      "a payment verification; the job's return value is the answer",
    ],
  ],
)}

Flags: \`stale\` (an earlier state that arrives late: do not go back), \`reversal\` (another final status after a final one),
\`misrouted\` (posted to the address of another product), \`unconfirmed\` (PayCools could not be asked, or did not answer in time).

The worker answers a payment verification with the return value of the job: \`{"answer":"accept"}\`, or
\`{"answer":"reject","reason":"general"}\`, where \`reason\` is one of \`general\`, \`invalid-parameter\` and \`amount-over-limit\`. An
optional \`text\` is passed to PayCools. Answers after \`data.answerBy\` are too late.

## Members of every event

${envelopeTable()}

All of them are always present. Consumers must accept additional members.

${eventRules()}
## All event types

${allTypes()}

${rowsByProduct.map(section).join('\n')}`;
