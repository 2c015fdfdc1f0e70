import { z } from 'zod';
import { parseCentavos } from '../core/money.ts';

/** Names of members that decide something: swallowed by a free text, they would vanish without breaking the signature. */
const DECIDING_NAMES = [
  'aggregateOrderId',
  'amount',
  'channelCode',
  'createTime',
  'eventName',
  'failedCode',
  'failedMessage',
  'feeRefunded',
  'mchOrderId',
  'mchRefundOrderId',
  'originalTransactionId',
  'paymentAccount',
  'paymentCode',
  'paytoken',
  'referenceNumber',
  'refundAmount',
  'refundCreateTime',
  'refundReturnTime',
  'refundStatus',
  'refundTransactionId',
  'requestId',
  'returnTime',
  'tokenStatus',
  'transactionId',
  'transactionStatus',
  'userId',
];
const SWALLOWED_MEMBER = new RegExp(`&(?:${DECIDING_NAMES.join('|')})=`);

const IDENTIFIER = /^[!-%'-<>-~]{1,128}$/;

/**
 * An id, a code or a status word: printable ASCII without blanks, `&` and `=`. The signed text does not tell
 * `{"a":"1&b=2"}` from `{"a":"1","b":"2"}`, so a member that never has these characters must not have them (PAYCOOLS.md
 * 2, "What the scheme cannot do"). Some ids come as numbers.
 */
export const identifier = z.unknown().transform((value, context): string => {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && IDENTIFIER.test(text)) return text;
  if (typeof text === 'string') context.addIssue('must be 1 to 128 printable characters without blank, & and =');
  else context.addIssue(text === undefined ? 'is missing' : 'must be a text');
  return z.NEVER;
});

/** Integer centavos, as a JSON integer or a text of digits. */
export const centavos = z.unknown().transform((value, context) => {
  const minor = parseCentavos(value);
  if (minor !== null) return minor;
  context.addIssue('must be a non-negative integer of centavos');
  return z.NEVER;
});

/** A time as written; one that cannot be read never makes an event fail, but `&` and `=` have no place in it. */
export const timeText = z.string().regex(/^[^&=]{1,64}$/, 'must be a time, without & and =');

/** Text of people. May hold `&` and `=`, but not what looks like a swallowed member of the signed text. */
export const freeText = z
  .string()
  .refine((text) => !SWALLOWED_MEMBER.test(text), 'holds what looks like another member of the signed text');

export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code');

/** `failedCode`: documented as a negative integer, seen as a text and as a positive number too. */
export const failureCode = z.union([z.number(), z.string().regex(/^[^&=]{1,32}$/, 'must be a code')]);
