import { z } from 'zod';
import type { JsonRecord, JsonValue } from '../core/json.ts';
import { parseCentavos } from '../core/money.ts';

/** Names of members that decide something: swallowed by a free text, they would vanish without breaking the signature. */
const DECIDING_NAMES = [
  'aggregateOrderId',
  'amount',
  'channelCode',
  'checkoutId',
  'codeMchOrderId',
  'createTime',
  'currency',
  'eventName',
  'failedCode',
  'failedMessage',
  'feeRefunded',
  'inactiveTime',
  'inactiveType',
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
  'totalAmount',
  'transactionId',
  'transactionStatus',
  'userId',
];
const SWALLOWED_MEMBER = new RegExp(`&(?:${DECIDING_NAMES.join('|')})=`);

/** Names that may be shown: an attacker may have made one out of another text. */
const PLAIN_NAME = /^\w{1,40}$/;

/**
 * The name of a member that holds what looks like another member of the signed text (`&transactionId=`), or null. Members
 * that nobody knows count too: the text of `{"remark":"x&transactionId=2&z="}` is also that of a body whose unknown `z` has
 * swallowed every genuine member after the remark. And so do names: `{"a=1&b":"2"}` has the text of `{"a":"1","b":"2"}`.
 */
export const findSmuggledField = (fields: JsonRecord): string | null => {
  const holdsOne = (value: JsonValue): boolean =>
    SWALLOWED_MEMBER.test(typeof value === 'string' ? value : JSON.stringify(value));
  const name = Object.keys(fields).find((key) => /[&=]/.test(key) || holdsOne(fields[key] ?? null));
  return name === undefined || PLAIN_NAME.test(name) ? (name ?? null) : 'a member';
};

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

/** Text of people. May hold `&` and `=`; what {@link findSmuggledField} finds is refused before. */
export const freeText = z.string();

export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code');

/** `failedCode`: documented as a negative integer, seen as a text and as a positive number too. */
export const failureCode = z.union([z.number(), z.string().regex(/^[^&=]{1,32}$/, 'must be a code')]);
