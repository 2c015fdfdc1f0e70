import type { JsonRecord } from '../core/json.ts';
import type { Amount } from '../core/money.ts';
import type { Result } from '../core/result.ts';

/** What PayCools's request contains before it collects a payment. */
export type PaymentVerificationFacts = {
  readonly merchantOrderId: string;
  /** Contract number or payment code that the payer used. */
  readonly referenceNumber: string;
  readonly amount: Amount;
  /** The payer's phone number; null if PayCools leaves it empty. */
  readonly mobile: string | null;
  readonly createdAt: string | null;
};

/** A payment verification of a family: its event name, how to read it, and what makes two of them the same. */
export type PaymentVerificationDefinition = {
  readonly eventName: string;
  readonly read: (fields: JsonRecord, timeZone: string) => Result<PaymentVerificationFacts, string>;
  /** Fields that are the same when PayCools repeats the request. */
  readonly identity: readonly string[];
  readonly example: JsonRecord;
};
