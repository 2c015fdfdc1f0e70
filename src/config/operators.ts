import { fail, ok, type Result } from '../core/result.ts';
import { Secret } from '../core/secret.ts';

/** Somebody who may use the console under a name of their own. */
export type Operator = { readonly name: string; readonly token: Secret };

const MIN_TOKEN_LENGTH = 16;
const NAME = /^[\p{L}\p{N}._@ -]{1,64}$/u;

const hasTwice = (values: readonly string[]): boolean => new Set(values).size < values.length;

/** Reads `name:token,name:token`, or one a line. Problems name the operator, never a token. */
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
  if (hasTwice(operators.map(({ name }) => name))) return fail('names an operator twice');
  if (hasTwice(operators.map(({ token }) => token.reveal()))) return fail('gives two operators the same token');
  return ok(operators);
};
