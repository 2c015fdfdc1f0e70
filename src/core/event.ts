/**
 * The vocabulary. Each word has one meaning in code, docs, metrics and messages:
 *
 * - **callback**: an HTTP request of PayCools to the merchant. **Genuine** when its signature fits, **forged** otherwise.
 * - **product**: a family of PayCools's menu (`payout`, `qr-code`, …); a callback's **event name** decides it.
 * - **subject**: what a callback is about: a transaction, a refund, an authorization.
 * - **event**: the normalised news that a subject has reached a status; a CloudEvent. Its **id** is the same however
 *   often and by whatever way the news arrives.
 * - **duplicate**: the same news again. **Conflict**: the same news with other content.
 * - **stale**: news that is older than what is known. **Reversal**: a final status after another final one.
 * - **unrecognized**: genuine, but not understood. **Finding**: a disagreement that a person should see.
 * - **ledger**: what has been seen of each subject. **Spool**: the embedded file that takes over when Redis cannot.
 * - **acknowledgement**: the body of the 200 that PayCools gets. **Redrive**: put a kept callback or job back.
 */
import { z } from 'zod';
import { type Amount, amountSchema } from './money.ts';
import type { VerificationData } from './verification.ts';

/** What a subject can have reached. Which of them a family uses is said in products/. */
export const statuses = [
  'succeeded',
  'failed',
  'pending',
  'closed',
  'cancelled',
  'activated',
  'updated',
  'approved',
  'rejected',
] as const;
export type Status = (typeof statuses)[number];

const FINAL: ReadonlySet<Status> = new Set(['succeeded', 'failed', 'closed', 'cancelled']);

/** Whether nothing is expected to follow. PayCools states it nowhere: PAYCOOLS.md 4, "Status words". */
export const isFinal = (status: Status): boolean => FINAL.has(status);

export const flags = ['stale', 'reversal', 'misrouted', 'unconfirmed'] as const;
/**
 * - `stale`: a status that is not final, after a final one; do not go back.
 * - `reversal`: another final status after a final one, such as a payout that bounces.
 * - `misrouted`: posted to the address of another product.
 * - `unconfirmed`: PayCools was asked back and did not answer in time.
 */
export type Flag = (typeof flags)[number];

export const origins = ['callback', 'reconciliation'] as const;
/** How the news reached us. */
export type Origin = (typeof origins)[number];

export const utc = z.iso.datetime({ precision: 3 });

const failureSchema = z
  .object({
    code: z.union([z.number(), z.string()]).nullable().describe('failedCode as received.'),
    reason: z.string().describe('Our word for it; `other` where the code is not in the table of PayCools.'),
    message: z.string().nullable().describe('failedMessage as received.'),
  })
  .describe('Why it failed, as far as PayCools says.');
export type Failure = z.infer<typeof failureSchema>;

const providerSchema = z.object({
  eventName: z.string().nullable().describe('eventName as received.'),
  status: z.string().nullable().describe('The status word as received.'),
});

/** The attributes that CloudEvents 1.0 asks for, and two of our own (`origin`, `receivedat`). */
const envelopeShape = {
  specversion: z.literal('1.0'),
  id: z
    .string()
    .regex(/^evt_[0-9a-f]{32}$/)
    .describe('The same for the same news, however it arrives.'),
  source: z.string().describe('urn:paycools:<merchant>'),
  subject: z.string().describe("PayCools's id of what it is about."),
  time: utc.describe('When it happened: completion, else creation, else reception. UTC.'),
  datacontenttype: z.literal('application/json'),
  origin: z.enum(origins),
  receivedat: utc.describe('When we received it. UTC.'),
};

/** The CloudEvents envelope around `data`, for events of these types. */
export const envelopeSchema = <Type extends z.ZodType<string>, Data extends z.ZodType>(
  type: Type,
  dataschema: string,
  data: Data,
) => z.object({ ...envelopeShape, type, dataschema: z.literal(dataschema), data });

/** The members of `data` that every family has. */
export const paymentDataShape = {
  provider: providerSchema,
  merchantOrderId: z.string().nullable().describe("The merchant's own order id."),
  transactionId: z.string().nullable().describe("PayCools's id of the transaction or refund."),
  amount: amountSchema.nullable(),
  channelCode: z.string().nullable(),
  createdAt: utc.nullable(),
  completedAt: utc.nullable().describe('When it ended; null while it is pending.'),
  failure: failureSchema.nullable(),
  remark: z.string().nullable(),
  flags: z.array(z.enum(flags)),
  raw: z.record(z.string(), z.json()).describe('The fields as received, without sign.'),
};

type Envelope<Type extends string, Data> = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: Type;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly origin: Origin;
  readonly receivedat: string;
  readonly data: Data;
};

/** What every event says about its subject. */
export type PaymentData = {
  readonly product: string;
  readonly status: Status;
  readonly provider: { readonly eventName: string | null; readonly status: string | null };
  readonly merchantOrderId: string | null;
  readonly transactionId: string | null;
  readonly amount: Amount | null;
  readonly channelCode: string | null;
  readonly createdAt: string | null;
  readonly completedAt: string | null;
  readonly failure: Failure | null;
  readonly remark: string | null;
  readonly flags: readonly Flag[];
  /** What only this family has. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly raw: Readonly<Record<string, unknown>>;
};

/** One typed event about a payment, payout, refund, authorization or identity check. */
export type PaymentEvent = Envelope<string, PaymentData>;

/** A genuine callback that was not understood, with its body, so that it can be put through the mapping again. */
export type UnrecognizedEvent = Envelope<'com.paycools.unrecognized', UnrecognizedData>;

export type UnrecognizedData = {
  /** Product of the address that it was posted to. */
  readonly product: string | null;
  readonly provider: PaymentData['provider'];
  /** What could not be understood, in a sentence for an operator. */
  readonly reason: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** The request body as received: valid UTF-8, so the text is exact. */
  readonly body: string;
};

/** What one side says about a subject. */
export type Statement = {
  readonly status: Status;
  readonly amount: Amount | null;
  readonly merchantOrderId: string | null;
  readonly channelCode: string | null;
};

/** A disagreement that a person should see. */
export type FindingEvent = Envelope<`com.paycools.finding.${string}`, FindingData>;

export type FindingData = {
  readonly kind: string;
  readonly product: string;
  readonly merchantOrderId: string | null;
  readonly transactionId: string | null;
  /** Id of the event that it is about. */
  readonly eventId: string;
  /** One sentence for an operator. */
  readonly summary: string;
  /** What was recorded before, and what came now; null where that side knows nothing of it. */
  readonly recorded: Statement | null;
  readonly received: Statement | null;
};

/** A question of PayCools that a worker answers with what it returns. */
export type VerificationEvent = Envelope<'com.paycools.payment-verification.requested', VerificationData>;

/** Everything that is put on a queue. */
export type AnyEvent = PaymentEvent | UnrecognizedEvent | FindingEvent | VerificationEvent;
