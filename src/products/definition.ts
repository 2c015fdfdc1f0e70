import type { z } from 'zod';
import type { Failure, Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { JsonRecord } from '../core/json.ts';
import type { Amount } from '../core/money.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** What a family reads out of the fields of a callback. */
export type Facts = {
  readonly subject: Subject;
  /** The status word as received, null where there is none. */
  readonly statusWord: string | null;
  readonly merchantOrderId: string | null;
  readonly transactionId: string | null;
  readonly amount: Amount | null;
  readonly channelCode: string | null;
  readonly createdAt: string | null;
  readonly completedAt: string | null;
  readonly failure: Failure | null;
  readonly remark: string | null;
  readonly details: Readonly<Record<string, unknown>>;
};

/** What the mapping needs besides the fields. */
export type ReadContext = {
  /** Zone of the times that carry no offset. */
  readonly timeZone: string;
};

/** One kind of news of a family: its event names, and how to read its fields. */
export type Notification = {
  /** Stands between product and status in the event type; null where the family has one kind of news only. */
  readonly name: string | null;
  /** Event names and the status that each says by itself. */
  readonly events: Readonly<Record<string, Status>>;
  /** Every status that an event of this kind can have. */
  readonly statuses: readonly Status[];
  /** Fields, empty ones left out, to facts; or what could not be understood. Made with {@link reader}. */
  readonly read: (fields: JsonRecord, context: ReadContext) => Result<Facts, string>;
  /** Schema of `data.details`. */
  readonly details: z.ZodObject;
  /** Documented bodies (without `sign`) to show, to send and to test with, by event name. */
  readonly examples: Readonly<Record<string, JsonRecord>>;
};

/** One family: everything that shared code wants to know about it. */
export type ProductDefinition<Product extends string = string> = {
  /** Its word in addresses, event types and queue names. */
  readonly product: Product;
  /** Its title in the menu of PayCools. */
  readonly title: string;
  /** Number of the callback's page in the menu of PayCools (PAYCOOLS.md 1). */
  readonly menu: string;
  readonly notifications: readonly Notification[];
};

const describeIssue = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.') || 'body'}: ${message}`;

/**
 * Makes the `read` of a notification from the schema of its fields (strict where the signature is ambiguous, open for
 * unknown fields) and their mapping. A failure names the fields and never shows their values.
 */
export const reader =
  <Fields>(schema: z.ZodType<Fields>, toFacts: (fields: Fields, context: ReadContext) => Facts): Notification['read'] =>
  (fields, context) => {
    const parsed = schema.safeParse(fields);
    if (!parsed.success) return fail(parsed.error.issues.map(describeIssue).join('; '));
    return ok(toFacts(parsed.data, context));
  };

export const defineProduct = <const Product extends string>(
  definition: ProductDefinition<Product>,
): ProductDefinition<Product> => definition;
