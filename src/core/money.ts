import { z } from 'zod';

/** An exact amount of money: never a float. */
export const amountSchema = z
  .object({
    minor: z.int().nonnegative().describe('Integer centavos: PHP 500.10 is 50010.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .describe('ISO 4217 code, PHP unless PayCools says otherwise.'),
    value: z
      .string()
      .regex(/^\d+\.\d{2}$/)
      .describe('The same amount as decimal text: "500.10".'),
  })
  .describe('An exact amount: integer centavos and the decimal text.');

export type Amount = z.infer<typeof amountSchema>;

const MAX_DIGITS = 15; // every integer of 15 digits is exact in a double

/**
 * Reads an amount as PayCools sends it: a non-negative integer of centavos, or a text of digits only.
 *
 * @returns integer centavos, or null for anything else (a sign, a point, an exponent, also `100.00`).
 * @see docs/paycools.md 4, Conventions (https://doc.paycools.com/Disbursement/DisburseCallBackNotice.html)
 */
export const parseCentavos = (value: unknown): number | null => {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0) ? value : null;
  if (typeof value !== 'string' || value.length > MAX_DIGITS || !/^\d+$/.test(value)) return null;
  return Number(value);
};

const PESOS = /^(0|[1-9]\d{0,12})(?:\.(\d{1,2}))?$/; // with the two decimals no more than 15 digits

/**
 * Reads pesos from decimal text, as in PayCools's account statements: `100.1` is 10010. Never through a float.
 *
 * @returns integer centavos, or null for anything else (a sign, an exponent, more than two decimals).
 * @see docs/paycools.md 9, Money (https://doc.paycools.com/Account/GetPaymentStatement.html)
 */
export const pesosToCentavos = (decimal: string): number | null => {
  const [, pesos, centavos = ''] = PESOS.exec(decimal) ?? [];
  return pesos === undefined ? null : Number(`${pesos}${centavos.padEnd(2, '0')}`);
};

/** Writes integer centavos as decimal text: 5 is "0.05", 50010 is "500.10". */
export const centavosToDecimal = (minor: number): string => {
  const digits = String(minor).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

export const amountOf = (minor: number, currency: string): Amount => ({
  minor,
  currency,
  value: centavosToDecimal(minor),
});
