import { z } from 'zod';
import { parseCentavos, pesosToCentavos } from '../../core/money.ts';
import { parsePaycoolsTime } from '../../core/time.ts';

/** A string; PayCools sometimes sends ids and codes as numbers. */
export const text = z.union([z.string(), z.number()]).transform(String);

/** A member that PayCools may leave out, or send as null. */
export const optionalText = text.nullish();

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
export const failureCode = scalar.nullish();

/** Reads times of the zone into ISO 8601 in UTC. One that cannot be read is returned unchanged (PAYCOOLS.md 9). */
export const timeField = (timeZone: string) =>
  z.string().transform((written): string => parsePaycoolsTime(written, timeZone) ?? written);

export type TimeField = ReturnType<typeof timeField>;

/** Status words of a transaction, and whatever else PayCools may send (PAYCOOLS.md 11.4). */
export type TransactionStatus = 'PENDING' | 'COMPLETE' | 'FAILED' | 'CLOSED' | (string & {});

export const transactionStatus = z.string().transform((word): TransactionStatus => word);

/** `data` of which nothing is certain: null and a missing one become an empty object. */
export const orEmpty = <Data extends z.ZodObject>(data: Data) =>
  data.nullish().transform((value): Partial<z.output<Data>> => value ?? {});

/** `data` of which PayCools documents nothing: returned unchanged. */
export const open = z.unknown();

/** The list that 4.5, 5.3 and 6.3 answer with (PAYCOOLS.md 8.1). A merchant without payments may get null. */
export const paymentsList = (time: TimeField) =>
  z
    .array(
      z.looseObject({
        transactionId: text,
        transactionCreateTime: time.nullish(),
        transactionReturnTime: time.nullish(),
        transactionAmount: centavos.optional(),
        channelCode: optionalText,
        transactionStatus,
        remark: optionalText,
      }),
    )
    .nullish()
    .transform((payments) => payments ?? []);
