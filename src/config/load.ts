import { fail, ok, type Result } from '../core/result.ts';
import { type Environment, variables } from './environment.ts';
import type { Variable } from './variable.ts';

/** Something wrong with the configuration. It never holds a value. */
export type ConfigProblem = { readonly name: string; readonly problem: string };

/** Where the texts come from: the environment, and files for the `…_FILE` twins of secrets. */
export type ConfigSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
};

const entries = Object.entries(variables) as readonly [string, Variable<unknown>][];

/** A secret file usually ends with a line break that is not part of the secret. */
const withoutLineBreak = (content: string): string => content.replace(/\r?\n$/, '');

const rawText = (
  name: string,
  { isSecret }: Variable<unknown>,
  source: ConfigSource,
): Result<string | undefined, string> => {
  const value = source.env[name];
  const path = isSecret ? source.env[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return ok(value === '' && !isSecret ? undefined : value);
  if (value !== undefined) return fail(`is set, and so is ${name}_FILE: use one of the two`);
  try {
    return ok(withoutLineBreak(source.readFile(path)));
  } catch {
    return fail(`the file that ${name}_FILE names cannot be read`);
  }
};

const readOne = (name: string, variable: Variable<unknown>, source: ConfigSource): Result<unknown, string> => {
  const raw = rawText(name, variable, source);
  if (!raw.ok) return raw;
  const parsed = variable.read.safeParse(raw.value);
  return parsed.success ? ok(parsed.data) : fail(parsed.error.issues.map(({ message }) => message).join('; '));
};

const crossProblems = (environment: Environment): ConfigProblem[] => {
  const { PAYCOOLS_CALLBACK_SECRET: current, PAYCOOLS_CALLBACK_SECRET_PREVIOUS: previous } = environment;
  if (current !== null) return [];
  const problem =
    previous === null
      ? 'is missing: set it, or PAYCOOLS_CALLBACK_SECRET_FILE, to the callback secret of the PayCools back office'
      : 'is missing although its predecessor is set';
  return [{ name: 'PAYCOOLS_CALLBACK_SECRET', problem }];
};

/** Reads the whole configuration, or tells everything that is wrong with it at once, by name and without values. */
export const loadEnvironment = (source: ConfigSource): Result<Environment, readonly ConfigProblem[]> => {
  const values: Record<string, unknown> = {};
  const found: ConfigProblem[] = [];
  for (const [name, variable] of entries) {
    const read = readOne(name, variable, source);
    if (read.ok) values[name] = read.value;
    else found.push({ name, problem: read.error });
  }
  if (found.length > 0) return fail(found);
  const environment = values as Environment; // every name of the table was read without a problem
  const across = crossProblems(environment);
  return across.length > 0 ? fail(across) : ok(environment);
};
