import type { JsonRecord } from '../core/json.ts';
import type { Amount } from '../core/money.ts';
import type { Result } from '../core/result.ts';

/** What PayCools asks, and waits for the answer. */
export type QuestionFacts = {
  readonly merchantOrderId: string;
  /** Contract number or payment code that the payer used. */
  readonly referenceNumber: string;
  readonly amount: Amount;
  /** The payer's phone; null where PayCools leaves it empty. */
  readonly mobile: string | null;
  readonly createdAt: string | null;
};

/** A question of a family: its event name, how to read it, and what makes two of them the same. */
export type Question = {
  readonly eventName: string;
  readonly read: (fields: JsonRecord, timeZone: string) => Result<QuestionFacts, string>;
  /** Fields that are equal in the same question asked again. */
  readonly identity: readonly string[];
  readonly example: JsonRecord;
};
