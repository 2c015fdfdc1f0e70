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
  /** Shown in .env.example; empty where there is none. */
  readonly fallback: string;
  /** Whether a `…_FILE` twin may name a file that holds it. */
  readonly hasFile: boolean;
};

type Described = { readonly description: string };
type WithFallback = Described & { readonly fallback: string };

const UNEXPANDED = /^\$\{.*\}$|^\$[A-Za-z_]\w*$/;

/** A text, checked by `schema`; `fallback` is used where the variable is not set. */
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

/** A text that a function parses; its failure becomes the problem. */
export const parsed = <Value>(
  parse: (text: string) => Result<Value, string>,
  described: WithFallback,
): Variable<Value> => text(z.string().transform(refusing(parse)), described);

/** A variable whose text may hold a password: it gets a `…_FILE` twin. */
export const withFile = <Value>(variable: Variable<Value>): Variable<Value> => ({ ...variable, hasFile: true });

const refusing =
  <Value>(parse: (text: string) => Result<Value, string>) =>
  (value: string, context: z.RefinementCtx): Value => {
    const read = parse(value);
    if (read.ok) return read.value;
    context.addIssue(read.error);
    return z.NEVER;
  };

/** A text that is not blank and was filled in. */
const filled = z
  .string()
  .refine((value) => value.trim() !== '', { error: 'must not be blank', abort: true })
  .refine((value) => !UNEXPANDED.test(value.trim()), {
    error: 'is an unexpanded variable: the shell or compose file did not fill it in',
    abort: true,
  });

/** A variable that holds a secret or a key: it has a `…_FILE` twin, and no fallback. */
const withTwin = <Value>(read: z.ZodType<Value>, { description }: Described): Variable<Value> => ({
  read,
  description,
  fallback: '',
  hasFile: true,
});

type SecretOptions = Described & {
  /** Fewest characters; a secret issued by PayCools has whatever length it has. */
  readonly minLength?: number;
};

/** A secret: kept in a {@link Secret}, refused where it is blank or was not filled in. Every one has a `…_FILE` twin. */
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

/** The merchant's own private key; its type and size are checked here, and it stays in its {@link Secret}. */
export const privateKey = (described: Described): Variable<Secret | null> =>
  withTwin(filled.transform(refusing(privateKeySecret)).nullable().default(null), described);

/** Operators of the console, each with a token of their own. */
export const operators = (described: Described): Variable<readonly Operator[]> =>
  withTwin(filled.transform(refusing(parseOperators)).default([]), described);

/** A public key of PayCools; its type and size are checked here. */
export const publicKey = (described: Described): Variable<KeyObject | null> =>
  withTwin(filled.transform(refusing(loadPublicKey)).nullable().default(null), described);
