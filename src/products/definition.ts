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

/** What a family reads out of the fields of a callback. */
export type Facts = {
  /** What identifies the event, together with its status. */
  readonly subject: Subject;
  /** Other names of the same subject in this callback; absent where subjects of this kind have one name only. */
  readonly aliases?: readonly Subject[];
  /** What the event names as its subject; the id of `subject` where that may be shown. */
  readonly subjectText: string;
  /** The status word as received, null where there is none. */
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
  /** Zone of the times that carry no offset. */
  readonly timeZone: string;
  /** The signed text without the secret: identifies what nothing else does. */
  readonly signedText: string;
};

/** A body as PayCools could send it, without `sign`. */
export type Example = {
  readonly fields: JsonRecord;
  /** Whether PayCools prints it; otherwise it is syntheticExample from its field tables. */
  readonly isDocumented: boolean;
};

/** One kind of notification of a family: its event names, and how to read its fields. */
export type Notification = {
  /** The part between product and status in the event type; null where the family has one kind only. */
  readonly name: string | null;
  /** Event names and the status that each says by itself. */
  readonly events: Readonly<Record<string, Status>>;
  /** Whether callbacks with an event name of no family belong here too, on the address of this product. */
  readonly takesOtherEvents?: boolean;
  /** How this kind states its status. */
  readonly statusRules: StatusRules;
  /** Every status that an event of this kind can have. */
  readonly statuses: readonly Status[];
  /** Reads signed fields, or returns what could not be understood. Made with {@link reader}. */
  readonly read: (fields: JsonRecord, context: ReadContext) => Result<Facts, string>;
  /** Schema of `data.details`. */
  readonly details: z.ZodObject;
  /** At least one for each status. To show, to send and to test with. */
  readonly examples: readonly Example[];
};

/** What PayCools expects to read after a callback, as JSON text. */
export type Acknowledgements = Readonly<Record<Scheme, string>>;

/**
 * The documented acknowledgements.
 *
 * @see PAYCOOLS.md 5 (https://doc.paycools.com/Disbursement/DisburseCallBackNotice.html and
 * https://docs.paycools.com/en/v2/DirectDebit/Notification.html)
 */
export const standardAcknowledgements: Acknowledgements = {
  'sha1-secret': '{"code":1,"msg":"success","data":{}}',
  'rsa-envelope': '{"code":10000,"message":"Success"}',
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
  /** Payment verifications: requests for which PayCools waits. */
  readonly paymentVerifications: readonly PaymentVerificationDefinition[];
  /** Channel codes by which a payment is known to be of this family; empty where they do not show it (PAYCOOLS.md 11.6). */
  readonly channels: readonly RegExp[];
  /** Channels that report successes only: an unpaid order never causes a callback (PAYCOOLS.md 10, 9). */
  readonly successOnly: readonly RegExp[];
};

/**
 * Makes the `read` of a notification from the schema of its fields (strict about what identifies and values a payment,
 * lenient about everything else) and their mapping.
 */
export const reader =
  <Fields>(schema: z.ZodType<Fields>, toFacts: (fields: Fields, context: ReadContext) => Facts): Notification['read'] =>
  (fields, context) => {
    const parsed = schema.safeParse(fields);
    return parsed.success ? ok(toFacts(parsed.data, context)) : fail(describeIssues(parsed.error).join('; '));
  };

type Optional = 'paymentVerifications' | 'channels' | 'successOnly';

/** Defines a family; most have no payment verifications. */
export const defineProduct = <const Product extends string>(
  definition: Omit<ProductDefinition<Product>, Optional> & Partial<Pick<ProductDefinition, Optional>>,
): ProductDefinition<Product> => ({
  paymentVerifications: [],
  channels: [],
  successOnly: [],
  ...definition,
});
