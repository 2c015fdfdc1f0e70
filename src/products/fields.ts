import { z } from 'zod';
import { isIdentifier } from '../core/identifier.ts';
import { parseCentavos } from '../core/money.ts';

/**
 * A member that an event can do without. If it is missing or malformed it is undefined, and `raw` keeps it as received.
 * Only ids and amounts may make a payment unrecognized (docs/paycools.md 4, "need").
 */
export const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

/** An id. PayCools sends some of them as numbers. */
export const identifier = z.unknown().transform((value, context): string => {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && isIdentifier(text)) return text;
  if (typeof text === 'string') context.addIssue('must be 1 to 128 printable characters');
  else context.addIssue(text === undefined ? 'is missing' : 'must be a string');
  return z.NEVER;
});

/** A code, such as that of a channel: printable ASCII without blanks. */
export const code = z.string().regex(/^[!-~]{1,128}$/);

/** Integer centavos, as a JSON integer or a string of digits. */
export const centavos = z.unknown().transform((value, context) => {
  const minor = parseCentavos(value);
  if (minor !== null) return minor;
  context.addIssue('must be a non-negative integer of centavos');
  return z.NEVER;
});

/**
 * A status word as received. A value of another type becomes its JSON text, because an unknown word must not pass for a
 * missing one.
 */
export const statusText = (value: unknown): string | null => {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A member that the schema leaves unchecked. */
export const anything = z.unknown().optional();

/** A time as written. If it cannot be parsed, it is null in the event. */
export const timeText = z.string().max(64);

export const freeText = z.string();

/** ISO 4217, converted to upper case. */
export const currencyCode = z
  .string()
  .regex(/^[A-Za-z]{3}$/)
  .transform((text) => text.toUpperCase());

/** `failedCode`: documented as a negative integer, but also sent as a string or a positive number. */
export const failureCode = z.union([z.number(), z.string().regex(/^[^&=]{1,32}$/)]);
