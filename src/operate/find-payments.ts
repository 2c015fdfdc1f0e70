import { shortType } from '../core/cloud-event.ts';
import type { JournalEntry } from '../receive/journal.ts';
import { describeEntry } from './claims.ts';
import { hasWholeId } from './matches-query.ts';
import { isDelivering, latestAmount } from './milestones.ts';
import type { PaymentRow } from './operations.ts';
import type { HistoryPorts } from './payment-facts.ts';
import { paymentKeyOf } from './payment-key.ts';
import type { IndexHit, PaymentKey } from './ports.ts';

const keyText = ({ merchant, kind, id }: PaymentKey): string => `${merchant} ${kind} ${id.toLowerCase()}`;

const rowOf = async ({ index, journal, merchants }: HistoryPorts, { key, isExact }: IndexHit): Promise<PaymentRow> => {
  const milestones = await index.milestones(key);
  const last = milestones.findLast(isDelivering) ?? milestones.at(-1);
  const [entry] = last === undefined ? [] : await journal.get([last.entryId]);
  const type = last?.type ?? null;
  return {
    key,
    isExact,
    timeZone: merchants.find(key.merchant)?.timeZone ?? 'UTC',
    product: entry?.event?.product ?? type?.split('.')[0] ?? null,
    merchantOrderId: entry?.event?.merchantOrderId ?? null,
    transactionId: entry?.event?.transactionId ?? (key.kind === 'transaction' ? key.id : null),
    amount: latestAmount(milestones),
    type,
    at: entry?.receivedAt ?? last?.at ?? 0,
  };
};

/** A payment that is not in the index: too recent, or only claimed by unproven callbacks. */
const rowOfEntry = ({ merchants }: HistoryPorts, entry: JournalEntry, text: string): PaymentRow => {
  const { event, receivedAt: at } = entry;
  const { claims, ...about } = describeEntry(entry);
  const key = paymentKeyOf(entry, claims);
  return {
    key,
    isExact: hasWholeId(entry, text),
    timeZone: merchants.find(key.merchant)?.timeZone ?? 'UTC',
    ...about,
    type: event === null ? null : shortType(event.type),
    at,
  };
};

/** Payments with this id, newest first; if there is none, the text is a prefix: payments with an id that starts with it. */
export const findPayments = async (
  ports: HistoryPorts,
  text: string,
  limit: number,
): Promise<readonly PaymentRow[]> => {
  if (text === '') return [];
  const [hits, { entries }] = await Promise.all([
    ports.index.find(text, limit),
    ports.journal.list({ id: text, limit }),
  ]);
  const rows = await Promise.all(hits.map((hit) => rowOf(ports, hit)));
  const byKey = new Map(rows.map((row) => [keyText(row.key), row]));
  for (const entry of entries) {
    const row = rowOfEntry(ports, entry, text);
    const key = keyText(row.key);
    if (!byKey.has(key) && ![...byKey.values()].some((known) => isSamePayment(known, row))) byKey.set(key, row);
  }
  const all = [...byKey.values()].toSorted((a, b) => b.at - a.at);
  const exact = all.filter(({ isExact }) => isExact);
  return (exact.length > 0 ? exact : all).slice(0, limit);
};

/** Whether a forged callback names a known payment, or whether both rows are one refund, listed by different ids. */
const isSamePayment = (known: PaymentRow, { key, type, transactionId, merchantOrderId }: PaymentRow): boolean =>
  (type === null || (key.kind === 'refund' && known.key.kind === 'refund' && key.merchant === known.key.merchant)) &&
  ((transactionId !== null && known.transactionId === transactionId) ||
    (merchantOrderId !== null && known.merchantOrderId === merchantOrderId));
