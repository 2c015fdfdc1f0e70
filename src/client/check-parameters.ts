import type { z } from 'zod';
import { describeIssues } from '../core/describe-issues.ts';
import { parseJson } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import {
  alternativesOf,
  deciderOf,
  describeFields,
  type FieldDescription,
  formsOf,
  wantedOf,
} from './describe-fields.ts';
import { type CallName, findEndpoint } from './endpoints/table.ts';

/** One thing that is wrong with the parameters of a call. It quotes what was given: for the person who gave it only. */
export type ParameterProblem = {
  readonly name: string;
  readonly problem: string;
  readonly kind: 'missing' | 'wrong' | 'unknown';
};

type Parameters = Readonly<Record<string, unknown>>;

const INTEGER = /^-?\d{1,15}$/;

/** A text as a value of this JSON type; as it is where it cannot be one. */
const convertText = (type: string, text: string): unknown => {
  if (type === 'string') return text;
  if (type === 'array' && !text.startsWith('[')) return text.split(',');
  if (type === 'array' || type === 'object') return parseJson(text) ?? text;
  return INTEGER.test(text) ? Number(text) : text;
};

/** The texts of a command line as values: numbers where the call wants numbers; others stay texts. */
export const convertTexts = (call: CallName, texts: Readonly<Record<string, string>>): Parameters => {
  const types = new Map(describeFields(call).map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, convertText(types.get(name) ?? 'string', text)]),
  );
};

/**
 * Turns strings, as they come from a command line, into the parameters of a call: `{ amount: "50010" }` into
 * `{ amount: 50010 }` where the call wants a number; lists as `A,B` or JSON, objects as JSON.
 *
 * @returns parameters for the method, or what is wrong with them, by name and without values
 */
export const readParameters = (
  call: CallName,
  texts: Readonly<Record<string, string>>,
): Result<Parameters, readonly string[]> => {
  const parameters = convertTexts(call, texts);
  const error = findEndpoint(call)?.request.safeParse(parameters).error;
  return error === undefined ? ok(parameters) : fail(describeIssues(error));
};

const quote = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : JSON.stringify(value));

const DECIMAL = /^-?\d{1,12}\.\d{1,2}$/;

/** A mistake that costs a factor of 100: pesos where centavos are wanted. */
const centavosHint = (value: unknown, wanted: string): string => {
  const text = String(value);
  if (!wanted.includes('centavos') || !DECIMAL.test(text)) return '';
  return ` (PHP ${text} is ${Math.round(Number(text) * 100)})`;
};

const inside = ({ issues }: z.ZodError): string => {
  const [issue] = issues;
  return issue === undefined || issue.path.length === 0 ? '' : `, at ${issue.path.join('.')}: ${issue.message}`;
};

type Form = ReturnType<typeof formsOf>[number];
type Context = { readonly call: CallName; readonly described: readonly FieldDescription[] };

const problemOfUnknown = (name: string, { call, described }: Context): ParameterProblem => {
  const when = described.find((it) => it.name === name)?.when;
  return when == null
    ? { name, kind: 'unknown', problem: `is not a field of ${call}` }
    : { name, kind: 'wrong', problem: `does not fit the other fields: it is taken ${when}` };
};

const problemsOfForm = (form: Form, given: Parameters, context: Context): ParameterProblem[] => {
  const wantedBy = new Map(context.described.map(({ name, wanted }) => [name, wanted]));
  const known = Object.entries(form).flatMap(([name, field]): ParameterProblem[] => {
    const read = field.safeParse(given[name]);
    if (read.success) return [];
    const wanted = wantedBy.get(name) ?? wantedOf(field);
    if (given[name] === undefined) return [{ name, kind: 'missing', problem: `is missing: ${wanted}` }];
    const hint = centavosHint(given[name], wanted);
    const problem = `is ${quote(given[name])}, but must be ${wanted}${hint}${inside(read.error)}`;
    return [{ name, kind: 'wrong', problem }];
  });
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(form, name));
  return [...known, ...unknown.map((name) => problemOfUnknown(name, context))];
};

/** The form that the deciding field names, else the one that the parameters are nearest to; and whether that is sure. */
const chooseForm = (forms: readonly Form[], given: Parameters, context: Context) => {
  const decider = deciderOf(forms);
  const named =
    decider === undefined ? undefined : forms.find((form) => form[decider]?.safeParse(given[decider]).success);
  const problems = (named === undefined ? forms : [named]).map((form) => problemsOfForm(form, given, context));
  const [nearest = []] = problems.toSorted((one, other) => one.length - other.length);
  return { nearest, isSure: named !== undefined || forms.length < 2 };
};

/**
 * Everything that is wrong with the parameters of a call, at once. Where a call has several forms, the one that the
 * parameters are nearest to is meant.
 */
export const checkParameters = (call: CallName, given: Parameters): readonly ParameterProblem[] => {
  const context = { call, described: describeFields(call) };
  const { nearest, isSure } = chooseForm(formsOf(call), given, context);
  if (isSure) return nearest;
  const alternatives = alternativesOf(formsOf(call));
  const isOpen = ({ name }: ParameterProblem): boolean => alternatives.includes(name);
  if (deciderOf(formsOf(call)) !== undefined) return nearest.filter((it) => !isOpen(it));
  return nearest.map((it) => (isOpen(it) && it.kind === 'missing' ? { ...it, name: alternatives.join(' or ') } : it));
};
