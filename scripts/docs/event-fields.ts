import { z } from 'zod';
import type { JsonRecord, JsonValue } from '../../src/core/json.ts';
import type { Example, ProductDefinition } from '../../src/products/definition.ts';
import { productEventSchema } from '../../src/products/event.ts';
import { eventOfExample } from '../../src/products/example-event.ts';

/** A member of an event, as docs/events.md lists it. */
export type EventField = {
  /** `data.amount.minor` */
  readonly path: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly meaning: string;
};

const schemaNode: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    format: z.string().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(schemaNode).optional(),
    oneOf: z.array(schemaNode).optional(),
    properties: z.record(z.string(), schemaNode).optional(),
    items: schemaNode.optional(),
  }),
);

type SchemaNode = {
  readonly type?: string | string[] | undefined;
  readonly description?: string | undefined;
  readonly format?: string | undefined;
  readonly const?: unknown;
  readonly enum?: unknown[] | undefined;
  readonly anyOf?: SchemaNode[] | undefined;
  readonly oneOf?: SchemaNode[] | undefined;
  readonly properties?: Record<string, SchemaNode> | undefined;
  readonly items?: SchemaNode | undefined;
};

const isNull = ({ type }: SchemaNode): boolean => type === 'null';
const mayBeNull = ({ anyOf, type }: SchemaNode): boolean =>
  (anyOf?.some(mayBeNull) ?? false) || [type].flat().includes('null');

/** The alternatives of a schema other than null. */
const withoutNull = (node: SchemaNode): readonly SchemaNode[] => (node.anyOf ?? [node]).filter((it) => !isNull(it));

const typeOf = (node: SchemaNode): string => {
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum !== undefined) return node.enum.map((it) => `\`${it}\``).join(', ');
  if (node.type === 'array') return `list of ${typeOf(node.items ?? {})}`;
  if (node.format === 'date-time') return 'time';
  return [node.type ?? 'any']
    .flat()
    .filter((it) => it !== 'null')
    .join(' or ');
};

const fieldsBelow = (path: string, node: SchemaNode): EventField[] => {
  const parts = withoutNull(node);
  const [first = {}] = parts;
  const meaning = node.description ?? first.description ?? '';
  const below = Object.entries(first.properties ?? {}).flatMap(([name, it]) => fieldsBelow(`${path}.${name}`, it));
  return [{ path, type: parts.map(typeOf).join(' or '), isNullable: mayBeNull(node), meaning }, ...below];
};

const isOfType = (type: string, { properties }: SchemaNode): boolean => {
  const names = properties?.['type'];
  return names?.const === type || names?.enum?.includes(type) === true;
};

/** The members of an event of this type, from its schema. */
export const fieldsOf = (definition: ProductDefinition, type: string): readonly EventField[] => {
  const root = schemaNode.parse(z.toJSONSchema(productEventSchema(definition)));
  const branches = root.oneOf ?? root.anyOf ?? [root];
  const branch = branches.find((it) => isOfType(type, it));
  if (branch === undefined) throw new Error(`the schema of ${definition.product} has no ${type}`);
  return Object.entries(branch.properties ?? {}).flatMap(([name, node]) => fieldsBelow(name, node));
};

/** Fields that PayCools documents as optional and that few examples contain. */
const OPTIONAL: JsonRecord = { currency: 'IDR', channelCode: 'X', remark: 'x' };

const TIME = /^\d{4}-\d{2}-\d{2} /;

/** A different value of the same form. */
const changed = (value: JsonValue): JsonValue => {
  if (typeof value === 'number') return value + 100;
  if (typeof value !== 'string') return value;
  if (TIME.test(value)) return '2021-03-04 05:06:07';
  return /^\d+$/.test(value) ? String(Number(value) + 100) : `${value}7`;
};

/** Every leaf of a value, with its path. */
const leavesOf = (path: string, value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, it]) => leavesOf(`${path}.${name}`, it))
    : [[path, value]];

const readLeaves = (definition: ProductDefinition, example: Example): ReadonlyMap<string, unknown> | null => {
  try {
    const { raw: _, ...data } = eventOfExample(definition, example).data;
    return new Map(leavesOf('data', data));
  } catch {
    return null; // the change made the example unintelligible
  }
};

type Leaves = ReadonlyMap<string, unknown>;

/** The members that change when one field of an example changes. */
const findDerivedMembers = (definition: ProductDefinition, example: Example, name: string): readonly string[] => {
  const before: Leaves = readLeaves(definition, example) ?? new Map();
  const value = { ...OPTIONAL, ...example.fields }[name] ?? null;
  const after = readLeaves(definition, { ...example, fields: { ...example.fields, [name]: changed(value) } });
  if (after === null)
    return [value === before.get('data.provider.status') ? 'data.provider.status' : 'data.provider.eventName'];
  const differs = ([path, leaf]: readonly [string, unknown]): boolean =>
    JSON.stringify(leaf) !== JSON.stringify(before.get(path));
  return [...after].filter(differs).map(([path]) => path);
};

/**
 * The callback fields from which each member of the event is derived. They are found by changing one field after
 * another, so that the page always matches the code.
 */
export const sourcesOf = (
  definition: ProductDefinition,
  examples: readonly Example[],
): ReadonlyMap<string, ReadonlySet<string>> => {
  const sources = new Map<string, Set<string>>();
  for (const example of examples) {
    for (const name of Object.keys({ ...OPTIONAL, ...example.fields })) {
      for (const path of findDerivedMembers(definition, example, name)) {
        sources.set(path, (sources.get(path) ?? new Set()).add(name));
      }
    }
  }
  return sources;
};
