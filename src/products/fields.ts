import { z } from 'zod';
import { isIdentifier } from '../core/identifier.ts';
import { parseCentavos } from '../core/money.ts';

/**
 * A member that an event can do without: where it is missing, or of an unexpected type or form, it is undefined, and stays
 * as received in `raw`. Only what identifies and values a payment may make it unrecognized (PAYCOOLS.md 4, "need").
 */
export const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

/** An id. Some come as numbers. */
export const identifier = z.unknown().transform((value, context): string => {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && isIdentifier(text)) return text;
  if (typeof text === 'string') context.addIssue('must be 1 to 128 printable characters');
  else context.addIssue(text === undefined ? 'is missing' : 'must be a text');
  return z.NEVER;
});

/** A code, such as that of a channel: printable ASCII without blanks. */
export const code = z.string().regex(/^[!-~]{1,128}$/);

/** Integer centavos, as a JSON integer or a text of digits. */
export const centavos = z.unknown().transform((value, context) => {
  const minor = parseCentavos(value);
  if (minor !== null) return minor;
  context.addIssue('must be a non-negative integer of centavos');
  return z.NEVER;
});

/**
 * A status word as received. A value of another type becomes its JSON, which is not a known word: an unknown word must not
 * be taken for a missing word.
 */
export const statusText = (value: unknown): string | null => {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A member that is read by other means than its schema. */
export const anything = z.unknown().optional();

/** A time as written; one that cannot be read is null in the event. */
export const timeText = z.string().max(64);

/** Text of people. */
export const freeText = z.string();

/** ISO 4217, in capitals. */
export const currencyCode = z
  .string()
  .regex(/^[A-Za-z]{3}$/)
  .transform((text) => text.toUpperCase());

/** `failedCode`: documented as a negative integer, seen as a text and as a positive number too. */
export const failureCode = z.union([z.number(), z.string().regex(/^[^&=]{1,32}$/)]);
