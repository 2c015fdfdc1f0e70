/**
 * The vocabulary: one word for each thing, in code, docs, metrics, logs and messages. A test holds the exported names
 * of core and receive to it.
 *
 * - **callback**: a request that PayCools posts to the merchant. **Genuine** with a valid signature, else **forged**.
 * - **product** (family): an entry of PayCools's menu (`payout`, `qr-code`, …). The **event name** decides it.
 * - **interpret**: turn the signed fields into what happened, an **interpreted callback**.
 * - **subject**: what an event is about: a transaction, a refund, an authorization.
 * - **event**: the CloudEvent that workers get: a subject has reached a status. The same fact always has the same
 *   **id**, however often and in whatever way it is received.
 * - **duplicate**: the same fact again. **Conflict**: the same fact with different content.
 * - **stale**: an earlier state that arrives late. **Reversal**: a final status after another final one.
 * - **unrecognized**: genuine, but not understood.
 * - **finding**: a disagreement that a person should look at.
 * - **statement**: what one side says about a subject. An **account statement** is PayCools's own list of a day.
 * - **ledger**: the history of each subject, with a **sighting** for each status that it reached. **Journal**: a record
 *   of each callback that was received.
 * - **store**: put into Redis. **Spool**: the embedded file that takes over while Redis is unavailable.
 * - **mark delivered**: record in the ledger that an event is on its queue.
 * - **confirmation**: asking PayCools about an event before workers get it. **Refuted**: contradicted by PayCools.
 * - **reconciliation**: comparing a day with PayCools's own records, and emitting the events that are missing.
 * - **payment verification**: PayCools's synchronous request whether a payment may be collected; a worker **answers**.
 * - **outcome**: what became of a callback. **Reply**: what PayCools gets. **Acknowledgement**: the body of a 200.
 * - **posture**: what Redis reports about its own durability.
 * - **failed job** (dead letter): a job that has used up its attempts. **Redrive**: put a stored callback or a failed
 *   job back on its queue. **Replay**: put the event of a callback in the journal back on its queue.
 */
import { z } from 'zod';
import { type CloudEvent, type EventTypeName, type Immutable, utc } from './cloud-event.ts';
import { amountSchema } from './money.ts';
import type { PaymentVerificationEvent } from './payment-verification.ts';

/** Every status that a subject can reach; products/ states which of them a family uses. */
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

/** Whether no other status is expected to follow. PayCools does not document it: docs/paycools.md 4, "Status words". */
export const isFinal = (status: Status): boolean => FINAL.has(status);

export const flags = ['stale', 'reversal', 'misrouted', 'unconfirmed'] as const;
/**
 * - `stale`: an earlier state that arrives late, or one that is not final although a final one is known. Do not go back to it.
 * - `reversal`: a final status after another final one, such as a payout that bounces.
 * - `misrouted`: posted to the address of another product.
 * - `unconfirmed`: PayCools could not be asked about it, or did not reply in time.
 */
export type Flag = (typeof flags)[number];

/** Why something failed, in our words; `other` for a code that is not in PayCools's table (docs/paycools.md 11.3). */
const failureReasons = [
  'service-error',
  'exceed-limit',
  'params-error',
  'insufficient-balance',
  'channel-rejected',
  'destination-account-error',
  'network-rejected',
  'channel-closed',
  'merchant-unavailable',
  'recipient-blocked',
  'refund-failed',
  'other',
] as const;
export type FailureReason = (typeof failureReasons)[number];

const failureSchema = z
  .object({
    code: z.union([z.number(), z.string()]).nullable().describe('failedCode as received.'),
    reason: z.enum(failureReasons).describe("Our word for it; `other` for a code that is not in PayCools's table."),
    message: z.string().nullable().describe('failedMessage as received.'),
  })
  .describe('Why it failed, if PayCools says so.');
export type Failure = z.infer<typeof failureSchema>;

const providerSchema = z.object({
  eventName: z.string().nullable().describe('eventName as received.'),
  status: z.string().nullable().describe('The status word as received.'),
});

/** The members of `data` that every family has. */
export const paymentDataShape = {
  provider: providerSchema.describe('What PayCools called it.'),
  merchantOrderId: z.string().nullable().describe("The merchant's own order id."),
  transactionId: z.string().nullable().describe("PayCools's id of the transaction or refund."),
  amount: amountSchema.nullable(),
  channelCode: z.string().nullable().describe('The payment channel, as PayCools names it.'),
  createdAt: utc.nullable().describe('When PayCools created it. UTC.'),
  completedAt: utc.nullable().describe('When it was completed; null while it is pending. UTC.'),
  failure: failureSchema.nullable(),
  remark: z.string().nullable().describe('Free text of the merchant, as received.'),
  flags: z.array(z.enum(flags)).describe('What a handler should know; explained above.'),
  raw: z.record(z.string(), z.json()).describe('The fields as received, without sign.'),
};

/** Members that some events guarantee not to be null: `amount` in a success, `failure` in a failure. */
export const guaranteedShape = { amount: amountSchema, failure: failureSchema };

const paymentDataSchema = z.object({
  product: z.string(),
  status: z.enum(statuses),
  ...paymentDataShape,
  details: z.record(z.string(), z.unknown()).describe('What only this family has.'),
});

/** The `data` of every payment event. */
export type PaymentData = Immutable<z.infer<typeof paymentDataSchema>>;

/** One typed event about a payment, payout, refund, authorization or identity check. */
export type PaymentEvent = CloudEvent<string, PaymentData>;

/** A genuine callback that was not understood. It contains the body, so that it can be interpreted again. */
export type UnrecognizedEvent = CloudEvent<EventTypeName<'unrecognized'>, UnrecognizedData>;

export type UnrecognizedData = {
  /** Product in the address that it was posted to; null if the address names none. */
  readonly product: string | null;
  readonly provider: PaymentData['provider'];
  /** Why it was not understood, as a sentence for an operator. */
  readonly reason: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** The request body as received: valid UTF-8, so the text is exact. */
  readonly body: string;
};

/** What one side says about a subject. */
export type Statement = Pick<PaymentData, 'status' | 'amount' | 'merchantOrderId' | 'channelCode'>;

/** The kinds of findings, each with what it means. */
export const findingKinds = {
  conflict: 'The same fact arrived again with different content; it was not delivered a second time.',
  refuted: 'PayCools was asked about it and contradicted it; it was not delivered.',
  reversal: 'The status changed from one final status to another.',
  missing: 'PayCools reports a final status that no event has reported, and it could not be emitted.',
  'status-mismatch': 'PayCools and the received events report different statuses.',
  'amount-mismatch': 'PayCools and the received events report different amounts.',
  'order-mismatch': 'PayCools and the received events name different orders.',
  'unknown-to-paycools': 'It was received, but PayCools repeatedly says that it does not know it.',
  'stuck-pending': 'It has been pending at PayCools for longer than expected.',
  unreadable: 'What PayCools lists about it cannot be read, so it was not compared.',
  'set-aside':
    'It was received and acknowledged, but Redis repeatedly refused to store it; it was set aside in the spool.',
} as const;

export type FindingKind = keyof typeof findingKinds;

/** A disagreement that a person should see. */
export type FindingEvent = CloudEvent<EventTypeName<`finding.${string}`>, FindingData>;

export type FindingData = {
  readonly kind: FindingKind;
  readonly product: string;
  readonly merchantOrderId: string | null;
  readonly transactionId: string | null;
  /** Id of the event in question. */
  readonly eventId: string;
  /** One sentence for an operator. */
  readonly summary: string;
  /** What was known before; null if nothing was. */
  readonly recorded: Statement | null;
  /** What was received, or reported by PayCools, now; null if that side states nothing. */
  readonly received: Statement | null;
};

/** Every event that is put on a queue. */
export type AnyEvent = PaymentEvent | UnrecognizedEvent | FindingEvent | PaymentVerificationEvent;
