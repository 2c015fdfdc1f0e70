import { type Content, type Html, html } from '../html.ts';

/** A JSON Schema, as in the service's documents. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly [keyword: string]: unknown;
};

const LIMITS = ['format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'contentEncoding'] as const;

const alternatives = (schema: JsonSchema): readonly JsonSchema[] => schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];

/** The id of a schema within its page: `schema-Problem` for `#/components/schemas/Problem`. */
export const schemaAnchor = (reference: string): string => `schema-${reference.split('/').at(-1) ?? ''}`;

const joinWithOr = (contents: readonly Content[]): Content =>
  contents.map((content, index) => (index === 0 ? content : html` or ${content}`));

const typeOf = (schema: JsonSchema): Content => {
  const { $ref, type, items } = schema;
  if ($ref !== undefined) return html`<a href="#${schemaAnchor($ref)}">${$ref.split('/').at(-1) ?? ''}</a>`;
  if ('const' in schema) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined)
    return joinWithOr(schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`));
  if (alternatives(schema).length > 0) return joinWithOr(alternatives(schema).map(typeOf));
  if (items !== undefined) return html`list of ${typeOf(items)}`;
  if (type === undefined) return 'anything';
  return typeof type === 'string' ? type : type.join(' or ');
};

const limitsOf = (schema: JsonSchema): Content =>
  LIMITS.filter((keyword) => schema[keyword] !== undefined && !(keyword === 'pattern' && 'format' in schema)).map(
    (keyword) => html`<br><span class="aside">${keyword}</span> <code>${String(schema[keyword])}</code>`,
  );

/** The schemas with members among a schema, its alternatives and its items. */
const nestedIn = (schema: JsonSchema): readonly JsonSchema[] =>
  [schema, ...alternatives(schema), ...(schema.items === undefined ? [] : [schema.items])].filter(
    ({ properties }) => properties !== undefined && Object.keys(properties).length > 0,
  );

const row = (name: string, schema: JsonSchema, isRequired: boolean): Html => html`<tr>
<th scope="row"><code>${name}</code>${!isRequired && html` <span class="aside">optional</span>`}</th>
<td>${typeOf(schema)}${limitsOf(schema)}</td>
<td>${schema.description ?? ''}${nestedIn(schema).map(
  (nested) => html`<details><summary>Members of ${name}</summary>${schemaView(nested)}</details>`,
)}</td>
</tr>`;

/** An object schema as a table of its members, nested ones folded; any other schema as its type. */
export const schemaView = (schema: JsonSchema): Html => {
  const { properties = {}, required = [] } = schema;
  const members = Object.entries(properties);
  if (members.length === 0) return html`<p>${typeOf(schema)}${limitsOf(schema)}</p>`;
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${members.map(([name, member]) => row(name, member, required.includes(name)))}</tbody>
</table></div>`;
};
