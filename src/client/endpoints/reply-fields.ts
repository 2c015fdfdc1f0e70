import { z } from 'zod';
import { parseCentavos, pesosToCentavos } from '../../core/money.ts';
import { parsePaycoolsTime } from '../../core/time.ts';

/** A string; PayCools sometimes sends ids and codes as numbers. */
export const text = z.union([z.string(), z.number()]).transform(String);

/** An id: text without control characters, up to 128 of them. */
export const id = text.pipe(z.string().regex(/^[^\p{C}]{1,128}$/u, 'must be 1 to 128 printable characters'));

/** An id that PayCools may leave out. Unlike other optional members it must be readable where it is there. */
export const optionalId = id.nullish();

/** A member that PayCools may leave out or send as null. An odd one becomes null: it never makes a reply unreadable. */
export const optional = <Member extends z.ZodType>(member: Member) => member.nullish().catch(null);

export const optionalText = optional(text);

const scalar = z.union([z.string(), z.number()]);

/** Integer centavos, not negative. */
export const centavos = scalar.transform((value, context): number => {
  const minor = parseCentavos(value);
  if (minor !== null) return minor;
  context.addIssue('must be a non-negative integer of centavos');
  return z.NEVER;
});

/**
 * Pesos by their decimal text, to integer centavos. The decoder keeps a number only where it prints as it was written,
 * so `String` gives the text of the reply back.
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

/** `failedCode`: documented as a negative integer, seen as a text and as a positive number too (PAYCOOLS.md 11.3). */
export const failureCode = optional(scalar);

/** Reads times of the zone into ISO 8601 in UTC. One that cannot be read is returned unchanged (PAYCOOLS.md 9). */
export const timeField = (timeZone: string) =>
  z.string().transform((written): string => parsePaycoolsTime(written, timeZone) ?? written);

export type TimeField = ReturnType<typeof timeField>;

/** Status words of a transaction, and whatever else PayCools may send (PAYCOOLS.md 11.4). */
export type TransactionStatus = 'PENDING' | 'COMPLETE' | 'FAILED' | 'CLOSED' | (string & {});

export const transactionStatus = z
  .string()
  .min(1)
  .transform((word): TransactionStatus => word);

/** `data` of which nothing is certain: null and a missing one become an empty object. */
export const orEmpty = <Data extends z.ZodObject>(data: Data) =>
  data.nullish().transform((value): Partial<z.output<Data>> => value ?? {});

/** `data` of which PayCools documents nothing: returned unchanged. */
export const open = z.unknown();

/** `data` that is a list of rows; null where there are none. */
export const rowList = z
  .array(z.unknown())
  .nullish()
  .transform((rows) => rows ?? []);

/** `data` of a statement, whose rows are in `records`. */
export const recordList = z
  .looseObject({ records: rowList })
  .nullish()
  .transform((data) => data?.records ?? []);

/** A row of the lists that 4.5, 5.3 and 6.3 return (PAYCOOLS.md 8.1). */
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
