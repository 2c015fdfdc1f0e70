import type { z } from 'zod';
import { describeIssues } from '../core/describe-issues.ts';
import type { Failure, Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { JsonRecord } from '../core/json.ts';
import type { Amount } from '../core/money.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Scheme } from '../verify/verify.ts';
import type { PaymentVerificationDefinition } from './payment-verification.ts';
import type { StatusRules } from './statuses.ts';

/** What a family reads from the fields of a callback. */
export type Facts = {
  /** Identifies the event, together with its status. */
  readonly subject: Subject;
  /** Other names of the same subject in this callback. */
  readonly aliases?: readonly Subject[];
  /** The `subject` of the event: the subject's id, or a readable one if that is a hash. */
  readonly subjectText: string;
  /** The status word as received; null if there is none. */
  readonly rawStatus: string | null;
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

/** What the mapping needs in addition to the fields. */
export type ReadContext = {
  /** Time zone of times without an offset. */
  readonly timeZone: string;
  /** The signed text without the secret. Identifies a callback that has no id. */
  readonly signedText: string;
};

/** A body as PayCools could send it, without `sign`. */
export type Example = {
  readonly fields: JsonRecord;
  /** Whether PayCools's documentation prints it; otherwise it is made from the field tables there. */
  readonly isDocumented: boolean;
};

/** One kind of notification of a family: its event names, and how to read its fields. */
export type Notification = {
  /** The part between product and status in the event type; null if the family has only one kind. */
  readonly name: string | null;
  /** The event names, with the status that each implies. */
  readonly events: Readonly<Record<string, Status>>;
  /** Whether callbacks with an unknown event name belong here if they are posted to this product's address. */
  readonly takesOtherEvents?: boolean;
  /** How this kind states its status. */
  readonly statusRules: StatusRules;
  /** Every status that an event of this kind can have. */
  readonly statuses: readonly Status[];
  /** Reads signed fields, or returns why they could not be understood. Made with {@link reader}. */
  readonly read: (fields: JsonRecord, context: ReadContext) => Result<Facts, string>;
  /** Schema of `data.details`. */
  readonly details: z.ZodObject;
  /** At least one for each status. Used by the docs, `exampleEvent`, `paycools send`, `npm run dev` and tests. */
  readonly examples: readonly Example[];
};

/** The bodies that PayCools expects in reply to a callback, as JSON text. */
export type Acknowledgements = Readonly<Record<Scheme, string>>;

/**
 * The documented acknowledgements.
 *
 * @see docs/paycools.md 5 (https://doc.paycools.com/Disbursement/DisburseCallBackNotice.html and
 * https://docs.paycools.com/en/v2/DirectDebit/Notification.html)
 */
export const standardAcknowledgements: Acknowledgements = {
  'sha1-secret': '{"code":1,"msg":"success","data":{}}',
  'rsa-envelope': '{"code":10000,"message":"Success"}',
};

/** Everything that shared code needs to know about one family. */
export type ProductDefinition<Product extends string = string> = {
  /** Its name in addresses, event types and queue names. */
  readonly product: Product;
  /** Its title in PayCools's menu. */
  readonly title: string;
  /** Number of the callback's page in PayCools's menu (docs/paycools.md 1). */
  readonly menu: string;
  readonly notifications: readonly Notification[];
  /** Payment verifications: requests for which PayCools waits. */
  readonly paymentVerifications: readonly PaymentVerificationDefinition[];
  /** Channel codes of this family (docs/paycools.md 11.6). A code that several families claim only limits which of them are asked. */
  readonly channels: readonly RegExp[];
  /** Channels that report only successes: an unpaid order never causes a callback (docs/paycools.md 10, 9). */
  readonly successOnly: readonly RegExp[];
};

/**
 * Makes the `read` of a notification from the schema of its fields and their mapping. The schema is strict about ids
 * and amounts, and lenient about everything else.
 */
export const reader =
  <Fields>(schema: z.ZodType<Fields>, toFacts: (fields: Fields, context: ReadContext) => Facts): Notification['read'] =>
  (fields, context) => {
    const parsed = schema.safeParse(fields);
    return parsed.success ? ok(toFacts(parsed.data, context)) : fail(describeIssues(parsed.error).join('; '));
  };

type Optional = 'paymentVerifications' | 'channels' | 'successOnly';

/** Defines a family; the optional lists are empty by default. */
export const defineProduct = <const Product extends string>(
  definition: Omit<ProductDefinition<Product>, Optional> & Partial<Pick<ProductDefinition, Optional>>,
): ProductDefinition<Product> => ({
  paymentVerifications: [],
  channels: [],
  successOnly: [],
  ...definition,
});
