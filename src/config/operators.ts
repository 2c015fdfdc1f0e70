import { fail, ok, type Result } from '../core/result.ts';
import { Secret } from '../core/secret.ts';

/** A person who logs in to the console by name. */
export type Operator = { readonly name: string; readonly token: Secret };

const MIN_TOKEN_LENGTH = 16;
const NAME = /^[\p{L}\p{N}._@ -]{1,64}$/u;

const hasDuplicates = (values: readonly string[]): boolean => new Set(values).size < values.length;

/** Parses `name:token` pairs, separated by commas or line breaks. A problem names the operator, never a token. */
export const parseOperators = (text: string): Result<readonly Operator[], string> => {
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const operators: Operator[] = [];
  for (const [index, part] of parts.entries()) {
    const colon = part.indexOf(':');
    const [name, token] = [part.slice(0, Math.max(0, colon)).trim(), part.slice(colon + 1).trim()];
    if (colon < 1 || !NAME.test(name)) return fail(`entry ${index + 1} must be name:token`);
    if (token.length < MIN_TOKEN_LENGTH)
      return fail(`the token of ${name} must have at least ${MIN_TOKEN_LENGTH} characters`);
    operators.push({ name, token: new Secret(token) });
  }
  if (hasDuplicates(operators.map(({ name }) => name))) return fail('names an operator twice');
  if (hasDuplicates(operators.map(({ token }) => token.reveal()))) return fail('gives two operators the same token');
  return ok(operators);
};
