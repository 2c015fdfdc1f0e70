import { csvText } from '../core/csv.ts';
import { isGenuine, type JournalEntry } from '../receive/journal.ts';
import { describeEntry } from './claims.ts';
import { repeatsOf } from './repeats.ts';

const COLUMNS = [
  'id',
  'receivedAt',
  'outcome',
  'origin',
  'status',
  'merchant',
  'product',
  'type',
  'transactionId',
  'merchantOrderId',
  'amount',
  'currency',
  'isProven',
  'eventId',
  'requestId',
  'repeats',
  'lastReceivedAt',
] as const;

/** A journal entry as a row. Where nothing is proved, the row shows what the body claims. */
export const entryRow = (entry: JournalEntry) => {
  const { id, receivedAt, outcome, origin, status, merchant, event, requestId } = entry;
  const { product, transactionId, merchantOrderId, amount } = describeEntry(entry);
  return {
    id,
    receivedAt: new Date(receivedAt).toISOString(),
    outcome,
    origin,
    /** Of the HTTP reply. */
    status,
    merchant,
    product,
    type: event?.type ?? null,
    transactionId,
    merchantOrderId,
    /** Decimal text. */
    amount: amount?.value ?? null,
    currency: amount?.currency ?? null,
    isProven: isGenuine(entry),
    eventId: event?.id ?? null,
    requestId,
    ...repeatsOf(entry),
  };
};

export type EntryRow = ReturnType<typeof entryRow>;

/** Journal entries as CSV, one per line. Amounts are decimal text. */
export const entriesCsv = (entries: readonly JournalEntry[]): string =>
  csvText(
    COLUMNS,
    entries.map((entry) => {
      const row = entryRow(entry);
      return { ...row, isProven: String(row.isProven) };
    }),
  );
