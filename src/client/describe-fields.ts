import { z } from 'zod';
import { type CallName, findEndpoint } from './endpoints/table.ts';

/** One parameter of a call, for help texts and messages. */
export type FieldDescription = {
  readonly name: string;
  /** What a value must be, such as `whole centavos from 100 to 500,000,000`. */
  readonly expected: string;
  readonly isRequired: boolean;
  readonly note: string | null;
  /** When it can be used, such as `with payMethodCode BANK`; null for always. */
  readonly when: string | null;
  /** JSON type: `string`, `integer`, `array` or `object`. */
  readonly type: string;
};

type Json = z.core.JSONSchema.BaseSchema & { readonly unit?: string };
type Shape = Readonly<Record<string, z.ZodType>>;

/** The forms of a call: the parameters of each alternative of its schema. */
export const formsOf = (call: CallName): readonly Shape[] => {
  const schema = findEndpoint(call)?.request;
  if (schema instanceof z.ZodObject) return [definedOnly(schema.shape)];
  if (!(schema instanceof z.ZodUnion)) return [];
  return schema.options.flatMap((it) => (it instanceof z.ZodObject ? [definedOnly(it.shape)] : []));
};

/** Drops the members that a form has only to exclude them. */
const definedOnly = (shape: Shape): Shape =>
  Object.fromEntries(
    Object.entries(shape).filter(([, field]) => jsonOf(field).type !== undefined || choicesOf(field).length > 0),
  );

const jsonOf = (field: z.ZodType): Json => z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) as Json;

/** The values of a field that has a fixed set of them; empty for any other field. */
export const choicesOf = (field: z.ZodType): readonly string[] => {
  const json = jsonOf(field);
  const schemas = [json, ...((json.anyOf ?? []) as Json[])];
  return schemas
    .flatMap(({ const: value, enum: values }) => (value === undefined ? (values ?? []) : [value]))
    .map(String);
};

const joinWithOr = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const formatNumber = (value: number): string => value.toLocaleString('en-US');

const describeNumber = ({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER, unit }: Json): string => {
  const noun = unit === 'centavos' ? 'whole centavos' : 'a whole number';
  return maximum >= Number.MAX_SAFE_INTEGER
    ? `${noun}, at least ${formatNumber(minimum)}`
    : `${noun} from ${formatNumber(minimum)} to ${formatNumber(maximum)}`;
};

/** No pattern allows this character, so it provokes the message that describes the pattern. */
const NEVER_ALLOWED = '\u0000';

const describeText = (field: z.ZodType, { format, pattern, minLength = 0, maxLength }: Json): string => {
  if (format === 'date') return 'a day, yyyy-MM-dd';
  if (format === 'uri') return 'a web address, http or https';
  if (pattern !== undefined) {
    const message = field.safeParse(NEVER_ALLOWED).error?.issues[0]?.message ?? '';
    return message.replace(/^must be /, '');
  }
  if (maxLength === undefined) return 'text';
  return minLength === maxLength ? `text of ${maxLength} characters` : `text of at most ${maxLength} characters`;
};

/** Describes what a value of this field must be. */
export const describeExpected = (field: z.ZodType): string => {
  const choices = choicesOf(field);
  if (choices.length > 0) return joinWithOr(choices);
  const json = jsonOf(field);
  switch (json.type) {
    case 'integer':
      return describeNumber(json);
    case 'array':
      return 'a list: A,B or JSON';
    case 'object':
      return 'a JSON object';
    default:
      return describeText(field, json);
  }
};

/** The field whose value decides the form, because its choices differ between forms. */
export const discriminatorOf = (forms: readonly Shape[]): string | undefined =>
  forms.length < 2
    ? undefined
    : Object.keys(forms[0] ?? {}).find((name) => {
        const choices = forms.map((form) => (form[name] === undefined ? '' : choicesOf(form[name]).join()));
        return new Set(choices).size === choices.length && choices.every((it) => it !== '');
      });

/** Fields that only some of the forms have. */
export const alternativesOf = (forms: readonly Shape[]): readonly string[] =>
  [...new Set(forms.flatMap((form) => Object.keys(form)))].filter((name) =>
    forms.some((form) => form[name] === undefined),
  );

const describeWhen = (forms: readonly Shape[], name: string): string | null => {
  const discriminator = discriminatorOf(forms);
  const having = forms.filter((form) => form[name] !== undefined);
  if (having.length === forms.length) return null;
  if (discriminator === undefined) return `instead of ${joinWithOr(alternativesOf(forms).filter((it) => it !== name))}`;
  const choices = having.flatMap((form) => (form[discriminator] === undefined ? [] : choicesOf(form[discriminator])));
  return `with ${discriminator} ${joinWithOr(choices)}`;
};

/** Describes every parameter of a call, in the order of its schema. */
export const describeFields = (call: CallName): readonly FieldDescription[] => {
  const forms = formsOf(call);
  const names = [...new Set(forms.flatMap((form) => Object.keys(form)))];
  return names.map((name) => {
    const fields = forms.flatMap((form) => (form[name] === undefined ? [] : [form[name]]));
    const [first = z.never()] = fields;
    const choices = [...new Set(fields.flatMap(choicesOf))];
    const expected = [...new Set(fields.map(describeExpected))];
    const { type, description } = jsonOf(first);
    return {
      name,
      expected: choices.length > 0 ? joinWithOr(choices) : expected.join(', or '),
      isRequired: fields.every((field) => !field.safeParse(undefined).success),
      note: description ?? null,
      when: describeWhen(forms, name),
      type: typeof type === 'string' ? type : 'integer', // JSON Schema gives a union of numbers no type
    };
  });
};
