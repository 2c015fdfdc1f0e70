import { Secret } from '../../../src/core/secret.ts';
import { signCallback } from '../../../src/verify/callback.ts';

/** The callbacks of a run, numbered from 1. The content of each is derived from seed and number. */
export type Numbering = {
  readonly transactionOf: (number: number) => string;
  /** In centavos. */
  readonly amountOf: (number: number) => number;
  /** The genuine callback, as the bytes on the wire. */
  readonly bodyOf: (number: number) => string;
  /** A forgery of it: a larger amount with the genuine sign. */
  readonly forgeryOf: (number: number) => string;
  /** The number of a transaction; null if it is not one of this run. */
  readonly numberOf: (transaction: string) => number | null;
};

export const CALLBACK_SECRET = 'test-secret-not-real';

export const createNumbering = (seed: number): Numbering => {
  const secret = new Secret(CALLBACK_SECRET);
  const start = `F${seed}-`;
  const transactionOf = (number: number): string => `${start}${number}`;
  const amountOf = (number: number): number => 100 + number;
  const bodyOf = (number: number): string =>
    signCallback(
      {
        amount: amountOf(number),
        createTime: '2022-05-31 09:38:03',
        eventName: 'disbursement.success',
        mchOrderId: `M${seed}-${number}`,
        remark: 'cash credit',
        returnTime: '2022-05-31 09:38:56',
        transactionId: transactionOf(number),
        transactionStatus: 'COMPLETE',
      },
      secret,
    );
  return {
    transactionOf,
    amountOf,
    bodyOf,
    forgeryOf: (number) => bodyOf(number).replace(/"amount":\d+/, `"amount":${amountOf(number) + 1_000_000}`),
    numberOf: (transaction) => {
      const number = transaction.startsWith(start) ? Number(transaction.slice(start.length)) : Number.NaN;
      return Number.isInteger(number) && number > 0 ? number : null;
    },
  };
};
