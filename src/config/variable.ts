import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ok, type Result } from '../core/result.ts';
import { Secret } from '../core/secret.ts';
import { loadPrivateKey, loadPublicKey } from '../verify/keys.ts';
import { type Operator, parseOperators } from './operators.ts';

/** One environment variable: how it is read, and how .env.example and the docs describe it. */
export type Variable<Value> = {
  readonly read: z.ZodType<Value>;
  readonly description: string;
  /** Default, as written in the environment; empty if there is none. */
  readonly fallback: string;
  /** Whether a variable `…_FILE` may name a file with the value. */
  readonly hasFile: boolean;
};

/** Variables by name. */
export type VariableTable = Readonly<Record<string, Variable<unknown>>>;

/** The checked values of a table of variables. */
export type ValuesOf<Variables extends VariableTable> = {
  readonly [Name in keyof Variables]: Variables[Name] extends Variable<infer Value> ? Value : never;
};

type Described = { readonly description: string };
type WithFallback = Described & { readonly fallback: string };

const UNEXPANDED = /^\$\{.*\}$|^\$[A-Za-z_]\w*$/;

/** A text that `schema` checks and transforms; `fallback` is used if the variable is not set. */
export const text = <Value>(
  schema: z.ZodType<Value, string>,
  { description, fallback }: WithFallback,
): Variable<Value> => ({
  read: z.string().default(fallback).pipe(schema),
  description,
  fallback,
  hasFile: false,
});

type IntegerRange = WithFallback & { readonly min: number; readonly max: number };

export const integer = ({ min, max, ...rest }: IntegerRange): Variable<number> =>
  text(
    z
      .string()
      .refine((value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max, {
        error: `must be an integer from ${min} to ${max}`,
      })
      .transform(Number),
    rest,
  );

export const oneOf = <const Option extends string>(
  options: readonly Option[],
  described: WithFallback,
): Variable<Option> => text(z.enum(options, { error: `must be one of ${options.join(', ')}` }), described);

/** A text that a function parses; the reason of a failure becomes the problem. */
export const parsed = <Value>(
  parse: (text: string) => Result<Value, string>,
  described: WithFallback,
): Variable<Value> => text(z.string().transform(orIssue(parse)), described);

/** Adds a `…_FILE` variable to one whose text may contain a password. */
export const withFile = <Value>(variable: Variable<Value>): Variable<Value> => ({ ...variable, hasFile: true });

/** Turns the failure of a parser into an issue of zod. */
const orIssue =
  <Value>(parse: (text: string) => Result<Value, string>) =>
  (value: string, context: z.RefinementCtx): Value => {
    const read = parse(value);
    if (read.ok) return read.value;
    context.addIssue(read.error);
    return z.NEVER;
  };

/** A text that is neither blank nor an unexpanded variable. */
const filled = z
  .string()
  .refine((value) => value.trim() !== '', { error: 'must not be blank', abort: true })
  .refine((value) => !UNEXPANDED.test(value.trim()), {
    error: 'is an unexpanded variable: the shell or compose file did not fill it in',
    abort: true,
  });

/** A variable that holds a secret or a key: it has a `…_FILE` variable, and no fallback. */
const withTwin = <Value>(read: z.ZodType<Value>, { description }: Described): Variable<Value> => ({
  read,
  description,
  fallback: '',
  hasFile: true,
});

type SecretOptions = Described & {
  /** Minimum number of characters. Default 1, because PayCools decides how long its secrets are. */
  readonly minLength?: number;
};

/** A {@link Secret}; refused if it is blank or an unexpanded variable. */
export const secret = ({ minLength = 1, ...described }: SecretOptions): Variable<Secret | null> =>
  withTwin(
    filled
      .refine((value) => value.trim().length >= minLength, { error: `must have at least ${minLength} characters` })
      .transform((value) => new Secret(value))
      .nullable()
      .default(null),
    described,
  );

const privateKeySecret = (value: string): Result<Secret, string> => {
  const secretText = new Secret(value);
  const key = loadPrivateKey(secretText);
  return key.ok ? ok(secretText) : key;
};

/** The merchant's private key in a {@link Secret}; its type and size are checked. */
export const privateKey = (described: Described): Variable<Secret | null> =>
  withTwin(filled.transform(orIssue(privateKeySecret)).nullable().default(null), described);

/** Console operators, each with a token. */
export const operators = (described: Described): Variable<readonly Operator[]> =>
  withTwin(filled.transform(orIssue(parseOperators)).default([]), described);

/** A public key of PayCools; its type and size are checked. */
export const publicKey = (described: Described): Variable<KeyObject | null> =>
  withTwin(filled.transform(orIssue(loadPublicKey)).nullable().default(null), described);
