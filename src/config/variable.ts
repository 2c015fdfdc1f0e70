import { z } from 'zod';
import { Secret } from '../core/secret.ts';

/** One environment variable: how it is read, and what .env.example and docs say of it. */
export type Variable<Value> = {
  readonly read: z.ZodType<Value>;
  readonly description: string;
  /** Shown in .env.example; empty where there is none. */
  readonly fallback: string;
  readonly isSecret: boolean;
};

type Described = { readonly description: string };
type WithFallback = Described & { readonly fallback: string };

const UNEXPANDED = /^\$\{.*\}$|^\$[A-Za-z_]\w*$/;

/** A text, checked by `schema`; `fallback` holds where the variable is not set. */
export const text = <Value>(
  schema: z.ZodType<Value, string>,
  { description, fallback }: WithFallback,
): Variable<Value> => ({
  read: z.string().default(fallback).pipe(schema),
  description,
  fallback,
  isSecret: false,
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

/** A secret: kept in a {@link Secret}, refused where it is blank or was not filled in. Every one has a `…_FILE` twin. */
export const secret = ({ description }: Described): Variable<Secret | null> => ({
  read: z
    .string()
    .refine((value) => value.trim() !== '', { error: 'must not be blank', abort: true })
    .refine((value) => !UNEXPANDED.test(value.trim()), {
      error: 'is an unexpanded variable: the shell or compose file did not fill it in',
    })
    .transform((value) => new Secret(value))
    .nullable()
    .default(null),
  description,
  fallback: '',
  isSecret: true,
});
