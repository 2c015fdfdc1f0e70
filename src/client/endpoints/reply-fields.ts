import { z } from 'zod';
import { parseCentavos, pesosToCentavos } from '../../core/money.ts';
import { parsePaycoolsTime } from '../../core/time.ts';

/** A string; PayCools sometimes sends ids and codes as numbers. */
export const text = z.union([z.string(), z.number()]).transform(String);

/** An id: 1 to 128 printable characters. */
export const id = text.pipe(z.string().regex(/^[^\p{C}]{1,128}$/u, 'must be 1 to 128 printable characters'));

/** An id that may be missing or null. Unlike other optional members, an invalid one makes the reply unreadable. */
export const optionalId = id.nullish();

/** A member that may be missing or null. An invalid one becomes null, so it never makes a reply unreadable. */
export const optional = <Member extends z.ZodType>(member: Member) => member.nullish().catch(null);

export const optionalText = optional(text);

const scalar = z.union([z.string(), z.number()]);

/** Non-negative integer centavos. */
export const centavos = scalar.transform((value, context): number => {
  const minor = parseCentavos(value);
  if (minor !== null) return minor;
  context.addIssue('must be a non-negative integer of centavos');
  return z.NEVER;
});

/**
 * Pesos, converted to integer centavos by their decimal text. The decoder keeps a number only if it prints as it was
 * written, so `String` restores that text.
 */
export const pesos = scalar.transform((value, context): number => {
  const minor = pesosToCentavos(String(value));
  if (minor !== null) return minor;
  context.addIssue('must be pesos with at most two decimals');
  return z.NEVER;
});

/** Integer centavos that may be negative: the balance. */
export const signedCentavos = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
]);

/** `failedCode`: documented as a negative integer, but also seen as a string and as a positive number (docs/paycools.md 11.3). */
export const failureCode = optional(scalar);

/** Converts a time of the zone to ISO 8601 in UTC. An unreadable one is returned unchanged (docs/paycools.md 9). */
export const timeField = (timeZone: string) =>
  z.string().transform((written): string => parsePaycoolsTime(written, timeZone) ?? written);

export type TimeField = ReturnType<typeof timeField>;

/** Status of a transaction: a documented word, or any other that PayCools sends (docs/paycools.md 11.4). */
export type TransactionStatus = 'PENDING' | 'COMPLETE' | 'FAILED' | 'CLOSED' | (string & {});

export const transactionStatus = z
  .string()
  .min(1)
  .transform((word): TransactionStatus => word);

/** `data` that may be missing or null, which then becomes an empty object. */
export const orEmpty = <Data extends z.ZodObject>(data: Data) =>
  data.nullish().transform((value): Partial<z.output<Data>> => value ?? {});

/** `data` that PayCools does not document: returned unchanged. */
export const undocumented = z.unknown();

/** `data` that is a list of rows, or null if there are none. */
export const rowList = z
  .array(z.unknown())
  .nullish()
  .transform((rows) => rows ?? []);

/** `data` of a statement, whose rows are in `records`. */
export const recordList = z
  .looseObject({ records: rowList })
  .nullish()
  .transform((data) => data?.records ?? []);

/** A row of 4.5, 5.3 and 6.3 (docs/paycools.md 8.1). */
export const listedPayment = (time: TimeField) =>
  z.looseObject({
    transactionId: id,
    transactionCreateTime: optional(time),
    transactionReturnTime: optional(time),
    transactionAmount: centavos.optional(),
    channelCode: optionalText,
    transactionStatus,
    remark: optionalText,
  });
