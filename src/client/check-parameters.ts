import type { z } from 'zod';
import { describeIssues } from '../core/describe-issues.ts';
import { parseJson } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import {
  alternativesOf,
  describeExpected,
  describeFields,
  discriminatorOf,
  type FieldDescription,
  formsOf,
} from './describe-fields.ts';
import { type CallName, findEndpoint } from './endpoints/table.ts';

/** A problem with one parameter of a call. It quotes the value, so show it only to the person who gave it. */
export type ParameterProblem = {
  readonly name: string;
  readonly problem: string;
  readonly kind: 'missing' | 'wrong' | 'unknown';
};

type Parameters = Readonly<Record<string, unknown>>;

const INTEGER = /^-?\d{1,15}$/;

/** Converts a string to this JSON type; returns it unchanged if that is impossible. */
const convertText = (type: string, text: string): unknown => {
  if (type === 'string') return text;
  if (type === 'array' && !text.startsWith('[')) return text.split(',');
  if (type === 'array' || type === 'object') return parseJson(text) ?? text;
  return INTEGER.test(text) ? Number(text) : text;
};

/** Converts strings to the types that the call expects. A string that cannot be converted is returned unchanged. */
export const convertTexts = (call: CallName, texts: Readonly<Record<string, string>>): Parameters => {
  const types = new Map(describeFields(call).map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, convertText(types.get(name) ?? 'string', text)]),
  );
};

/**
 * Converts strings, such as those of a command line, to the parameters of a call: `{ amount: "50010" }` to
 * `{ amount: 50010 }` if the call expects a number; lists are written as `A,B` or JSON, objects as JSON.
 *
 * @returns the parameters for the method, or the problems with them, by name and without values
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

/** Pesos given instead of centavos, a mistake by a factor of 100. */
const centavosHint = (value: unknown, expected: string): string => {
  const text = String(value);
  if (!expected.includes('centavos') || !DECIMAL.test(text)) return '';
  return ` (PHP ${text} is ${Math.round(Number(text) * 100)})`;
};

const describeNested = ({ issues }: z.ZodError): string => {
  const [issue] = issues;
  return issue === undefined || issue.path.length === 0 ? '' : `, at ${issue.path.join('.')}: ${issue.message}`;
};

type Form = ReturnType<typeof formsOf>[number];
type Context = { readonly call: CallName; readonly described: readonly FieldDescription[] };

const unknownProblem = (name: string, { call, described }: Context): ParameterProblem => {
  const when = described.find((it) => it.name === name)?.when;
  return when == null
    ? { name, kind: 'unknown', problem: `is not a field of ${call}` }
    : { name, kind: 'wrong', problem: `does not fit the other fields: it can only be used ${when}` };
};

const findProblems = (form: Form, given: Parameters, context: Context): ParameterProblem[] => {
  const expectations = new Map(context.described.map(({ name, expected }) => [name, expected]));
  const known = Object.entries(form).flatMap(([name, field]): ParameterProblem[] => {
    const parsed = field.safeParse(given[name]);
    if (parsed.success) return [];
    const expected = expectations.get(name) ?? describeExpected(field);
    if (given[name] === undefined) return [{ name, kind: 'missing', problem: `is missing: ${expected}` }];
    const hint = centavosHint(given[name], expected);
    const problem = `is ${quote(given[name])}, but must be ${expected}${hint}${describeNested(parsed.error)}`;
    return [{ name, kind: 'wrong', problem }];
  });
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(form, name));
  return [...known, ...unknown.map((name) => unknownProblem(name, context))];
};

type ChosenForm = { readonly problems: readonly ParameterProblem[]; readonly isCertain: boolean };

/** Chooses the form that the discriminator names, otherwise the one with the fewest problems. */
const chooseForm = (forms: readonly Form[], given: Parameters, context: Context): ChosenForm => {
  const discriminator = discriminatorOf(forms);
  const named = discriminator && forms.find((form) => form[discriminator]?.safeParse(given[discriminator]).success);
  const candidates = (named ? [named] : forms).map((form) => findProblems(form, given, context));
  const [problems = []] = candidates.toSorted((one, other) => one.length - other.length);
  return { problems, isCertain: named !== undefined || forms.length < 2 };
};

/** Finds all problems with the parameters of a call. A call with several forms is compared with the closest one. */
export const findParameterProblems = (call: CallName, given: Parameters): readonly ParameterProblem[] => {
  const forms = formsOf(call);
  const { problems, isCertain } = chooseForm(forms, given, { call, described: describeFields(call) });
  if (isCertain) return problems;
  const alternatives = alternativesOf(forms);
  const isAmbiguous = ({ name }: ParameterProblem): boolean => alternatives.includes(name);
  if (discriminatorOf(forms) !== undefined) return problems.filter((it) => !isAmbiguous(it));
  return problems.map((it) =>
    isAmbiguous(it) && it.kind === 'missing' ? { ...it, name: alternatives.join(' or ') } : it,
  );
};
