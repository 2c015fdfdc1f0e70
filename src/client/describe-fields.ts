import { z } from 'zod';
import type { CallName } from './endpoints/table.ts';
import { findEndpoint } from './endpoints/table.ts';

/** One parameter of a call, for help texts and messages. */
export type FieldDescription = {
  readonly name: string;
  /** What it must be: `whole centavos from 100 to 500,000,000`. */
  readonly wanted: string;
  readonly isRequired: boolean;
  readonly note: string | null;
  /** Which form of the call it belongs to, such as `with payMethodCode BANK`; null where it belongs to all. */
  readonly when: string | null;
  /** JSON type: `string`, `integer`, `array` or `object`. */
  readonly type: string;
};

type Json = z.core.JSONSchema.BaseSchema & { readonly unit?: string };
type Shape = Readonly<Record<string, z.ZodType>>;

/** The forms of a call: what its parameters are, for each of the alternatives that its schema has. */
export const formsOf = (call: CallName): readonly Shape[] => {
  const schema = findEndpoint(call)?.request;
  if (schema instanceof z.ZodObject) return [definedOnly(schema.shape)];
  if (!(schema instanceof z.ZodUnion)) return [];
  return schema.options.flatMap((it) => (it instanceof z.ZodObject ? [definedOnly(it.shape)] : []));
};

/** Without the members that a form only names to exclude them. */
const definedOnly = (shape: Shape): Shape =>
  Object.fromEntries(
    Object.entries(shape).filter(([, field]) => jsonOf(field).type !== undefined || wordsOf(field).length > 0),
  );

const jsonOf = (field: z.ZodType): Json => z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) as Json;

/** The values that a field may have, where they are few. */
export const wordsOf = (field: z.ZodType): readonly string[] => {
  const json = jsonOf(field);
  const all = [json, ...((json.anyOf ?? []) as Json[])];
  return all.flatMap(({ const: only, enum: several }) => (only === undefined ? (several ?? []) : [only])).map(String);
};

const orOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const group = (value: number): string => value.toLocaleString('en-US');

const numbersWanted = ({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER, unit }: Json): string => {
  const noun = unit === 'centavos' ? 'whole centavos' : 'a whole number';
  return maximum >= Number.MAX_SAFE_INTEGER
    ? `${noun}, at least ${group(minimum)}`
    : `${noun} from ${group(minimum)} to ${group(maximum)}`;
};

/** A character that no pattern allows: the message about it says what the pattern wants. */
const REFUSED_BY_ALL = '\u0000';

const textWanted = (field: z.ZodType, { format, pattern, minLength = 0, maxLength }: Json): string => {
  if (format === 'date') return 'a day, yyyy-MM-dd';
  if (format === 'uri') return 'a web address, http or https';
  if (pattern !== undefined) {
    const said = field.safeParse(REFUSED_BY_ALL).error?.issues[0]?.message ?? '';
    return said.replace(/^must be /, '');
  }
  if (maxLength === undefined) return 'text';
  return minLength === maxLength ? `text of ${maxLength} characters` : `text of at most ${maxLength} characters`;
};

/** What a value of this field must be, in words. */
export const wantedOf = (field: z.ZodType): string => {
  const words = wordsOf(field);
  if (words.length > 0) return orOf(words);
  const json = jsonOf(field);
  switch (json.type) {
    case 'integer':
      return numbersWanted(json);
    case 'array':
      return 'a list: A,B or JSON';
    case 'object':
      return 'a JSON object';
    default:
      return textWanted(field, json);
  }
};

/** The field whose value decides which form is meant, because its words differ from form to form. */
export const deciderOf = (forms: readonly Shape[]): string | undefined =>
  forms.length < 2
    ? undefined
    : Object.keys(forms[0] ?? {}).find((name) => {
        const words = forms.map((form) => (form[name] === undefined ? '' : wordsOf(form[name]).join()));
        return new Set(words).size === words.length && words.every((it) => it !== '');
      });

/** Fields that not every form has. */
export const alternativesOf = (forms: readonly Shape[]): readonly string[] =>
  [...new Set(forms.flatMap((form) => Object.keys(form)))].filter((name) =>
    forms.some((form) => form[name] === undefined),
  );

const whenOf = (forms: readonly Shape[], name: string, decider: string | undefined): string | null => {
  const having = forms.filter((form) => form[name] !== undefined);
  if (having.length === forms.length) return null;
  if (decider === undefined) return `instead of ${orOf(alternativesOf(forms).filter((it) => it !== name))}`;
  const words = having.flatMap((form) => (form[decider] === undefined ? [] : wordsOf(form[decider])));
  return `with ${decider} ${orOf(words)}`;
};

/** Every parameter of a call, in the order of its schema. */
export const describeFields = (call: CallName): readonly FieldDescription[] => {
  const forms = formsOf(call);
  const decider = deciderOf(forms);
  const names = [...new Set(forms.flatMap((form) => Object.keys(form)))];
  return names.map((name) => {
    const fields = forms.flatMap((form) => (form[name] === undefined ? [] : [form[name]]));
    const [first = z.never()] = fields;
    const words = [...new Set(fields.flatMap(wordsOf))];
    const wanted = [...new Set(fields.map(wantedOf))];
    const { type, description } = jsonOf(first);
    return {
      name,
      wanted: words.length > 0 ? orOf(words) : wanted.join(', or '),
      isRequired: fields.every((field) => !field.safeParse(undefined).success),
      note: description ?? null,
      when: whenOf(forms, name, decider),
      type: typeof type === 'string' ? type : 'integer', // a choice of numbers has no type of its own
    };
  });
};
