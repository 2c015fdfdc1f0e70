import type { z } from 'zod';
import { describeIssues } from '../core/describe-issues.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { CallOptions } from './caller.ts';
import type { PaycoolsClient } from './create-paycools-client.ts';
import { type CallName, findEndpoint } from './endpoints/table.ts';

/** Whether a string from outside is the name of a call. */
export const isCallName = (call: string): call is CallName => findEndpoint(call) !== undefined;

const INTEGER = /^-?\d{1,15}$/;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Converts a command-line string to the type the schema expects. */
export const convertText = (expected: string | undefined, text: string): unknown => {
  if (expected === 'array') return text.startsWith('[') ? parseJson(text) : text.split(',');
  if (expected === 'object') return parseJson(text);
  return INTEGER.test(text) ? Number(text) : undefined; // numbers, and literals that are numbers
};

const expectedBy = (issue: z.core.$ZodIssue): string | undefined => ('expected' in issue ? issue.expected : undefined);

/**
 * Turns strings, as they come from a command line, into the parameters of a call: `{ amount: "50010" }` into
 * `{ amount: 50010 }` where the call wants a number; lists as `A,B` or JSON, objects as JSON.
 *
 * @returns parameters for the method, or what is wrong with them, by name and without values
 */
export const readParameters = (
  call: CallName,
  texts: Readonly<Record<string, string>>,
): Result<Readonly<Record<string, unknown>>, readonly string[]> => {
  const schema = findEndpoint(call)?.request;
  const parameters: Record<string, unknown> = { ...texts };
  for (const issue of schema?.safeParse(texts).error?.issues ?? []) {
    const [name] = issue.path;
    const text = typeof name === 'string' && issue.path.length === 1 ? texts[name] : undefined;
    if (text !== undefined) parameters[String(name)] = convertText(expectedBy(issue), text) ?? text;
  }
  const error = schema?.safeParse(parameters).error;
  return error === undefined ? ok(parameters) : fail(describeIssues(error));
};

type AnyMethod = (
  parameters: unknown,
  options: CallOptions,
) => Promise<unknown> | AsyncGenerator<unknown, void, undefined>;

/**
 * Calls a method by its name, `payout.status`. The parameters are checked as the method does.
 *
 * @returns what the method returns: a promise of its result, or the rows of a statement
 */
export const callByName = (
  client: PaycoolsClient,
  call: CallName,
  { parameters, ...options }: CallOptions & { readonly parameters: unknown },
): ReturnType<AnyMethod> => {
  const [group, name] = call.split('.') as [keyof PaycoolsClient, string];
  const methods = client[group] as Readonly<Record<string, AnyMethod>>;
  const method = methods[name];
  if (method === undefined) throw new TypeError(`${call} is not a known call`);
  return method(parameters, options);
};
