import { parseJson, textOrNull } from '../core/json.ts';
import { type Amount, amountOf, parseCentavos } from '../core/money.ts';
import type { JournalEntry } from '../receive/journal.ts';

/** What a body claims about itself, proved or not. */
export type Claims = {
  /** Every id in the body: of an order, a transaction, a refund, a request … */
  readonly ids: readonly string[];
  readonly transactionId: string | null;
  readonly merchantOrderId: string | null;
  readonly requestId: string | null;
  readonly userId: string | null;
  readonly eventName: string | null;
  readonly amount: Amount | null;
};

/** Members that hold an id, in the order of {@link Claims.ids}. */
const ID_MEMBERS = [
  'transactionId',
  'mchOrderId',
  'refundTransactionId',
  'mchRefundOrderId',
  'originalTransactionId',
  'requestId',
  'userId',
] as const;

/** No genuine id is longer, in characters; a forged one may be. */
const MAX_ID_LENGTH = 128;

const NOTHING: Readonly<Record<string, unknown>> = {};

const recordOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;

/** Extracts the members that can be found in the text of a body that was truncated or is not JSON. */
const pickMembers = (text: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...ID_MEMBERS, 'eventName', 'amount', 'refundAmount', 'currency'].flatMap((name) => {
      const value = new RegExp(String.raw`"${name}"\s*:\s*"?([^",}\\]{1,${MAX_ID_LENGTH}})`).exec(text)?.[1];
      return value === undefined ? [] : [[name, value.trim()]];
    }),
  );

/** The members of an event that a reconciliation emitted, under the names that a callback uses. */
const membersOfEvent = (data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const amount = recordOf(data['amount']) ?? NOTHING;
  const { transactionId, merchantOrderId: mchOrderId } = data;
  return { transactionId, mchOrderId, ...recordOf(data['raw']), amount: amount['minor'], currency: amount['currency'] };
};

/** An envelope has its members in `param`, as JSON text. */
const membersOf = (text: string): Readonly<Record<string, unknown>> => {
  const members = recordOf(parseJson(text)) ?? pickMembers(text);
  const { param, specversion, data } = members;
  if (specversion !== undefined) return membersOfEvent(recordOf(data) ?? NOTHING);
  return typeof param === 'string' ? (recordOf(parseJson(param)) ?? NOTHING) : members;
};

const idIn = (members: Readonly<Record<string, unknown>>, name: string): string | null => {
  const value = members[name];
  const text = typeof value === 'number' ? String(value) : textOrNull(value);
  return text === null || text === '' || text.length > MAX_ID_LENGTH ? null : text;
};

const amountIn = (members: Readonly<Record<string, unknown>>): Amount | null => {
  const minor = parseCentavos(members['amount'] ?? members['refundAmount']);
  const currency = textOrNull(members['currency'])?.toUpperCase() ?? '';
  return minor === null ? null : amountOf(minor, /^[A-Z]{3}$/.test(currency) ? currency : 'PHP');
};

/** Reads what a body claims. Never throws. */
export const claimsOf = (body: Uint8Array | null): Claims =>
  claimsIn(body === null ? NOTHING : membersOf(new TextDecoder().decode(body)));

/** Reads what the members of a body claim. */
export const claimsIn = (members: Readonly<Record<string, unknown>>): Claims => {
  const ids = ID_MEMBERS.map((name) => idIn(members, name)).filter((id) => id !== null);
  return {
    ids: [...new Set(ids)],
    transactionId: idIn(members, 'refundTransactionId') ?? idIn(members, 'transactionId'),
    merchantOrderId: idIn(members, 'mchOrderId') ?? idIn(members, 'mchRefundOrderId'),
    requestId: idIn(members, 'requestId'),
    userId: idIn(members, 'userId'),
    eventName: idIn(members, 'eventName'),
    amount: amountIn(members),
  };
};

/** The product of a journal entry: that of its event, else that of the address that it was posted to. */
export const productOf = ({ event, address }: JournalEntry): string | null => event?.product ?? address;

/** The product, ids and amount of a journal entry: as proved, else as its body claims. */
export const describeEntry = (entry: JournalEntry) => {
  const { event, body } = entry;
  const claims = claimsOf(body);
  return {
    claims,
    product: productOf(entry),
    merchantOrderId: event?.merchantOrderId ?? claims.merchantOrderId,
    transactionId: event?.transactionId ?? claims.transactionId,
    amount: claims.amount,
  };
};
