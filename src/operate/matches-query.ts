import type { JournalEntry, JournalQuery } from '../receive/journal.ts';
import { claimsOf, productOf } from './claims.ts';

/** Every id that an entry has or claims, in lower case. */
const idsOf = (entry: JournalEntry): readonly string[] => {
  const { id, requestId, event } = entry;
  const ids = [id, requestId, event?.id, event?.transactionId, event?.merchantOrderId];
  return [...ids, ...claimsOf(entry.body).ids].flatMap((it) => (it == null ? [] : [it.toLowerCase()]));
};

/** Shortest prefix that matches a request id, in characters. These are random, so a shorter prefix means another id. */
const MIN_REQUEST_PREFIX = 4;

const hasId = (entry: JournalEntry, text: string): boolean => {
  const prefix = text.toLowerCase();
  const request = prefix.length < MIN_REQUEST_PREFIX ? entry.requestId.toLowerCase() : null;
  return idsOf(entry).some((id) => id !== request && id.startsWith(prefix));
};

/** Whether the whole text is one of the entry's ids, in any case. */
export const hasWholeId = (entry: JournalEntry, text: string): boolean => idsOf(entry).includes(text.toLowerCase());

/** Whether an entry matches a query. */
export const matchesQuery = (entry: JournalEntry, query: JournalQuery): boolean => {
  const { id, merchant, outcome, product, since = 0, until = Number.POSITIVE_INFINITY } = query;
  if (merchant !== undefined && entry.merchant !== merchant) return false;
  if (outcome !== undefined && entry.outcome !== outcome) return false;
  if (product !== undefined && productOf(entry) !== product) return false;
  if (entry.receivedAt < since || entry.receivedAt >= until) return false;
  return id === undefined || hasId(entry, id);
};
