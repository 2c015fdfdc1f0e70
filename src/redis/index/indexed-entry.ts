import { shortType } from '../../core/cloud-event.ts';
import { type Claims, claimsIn, claimsOf } from '../../operate/claims.ts';
import { paymentKeyOf } from '../../operate/payment-key.ts';
import type { JournalEntry, JournalNote } from '../../receive/journal.ts';
import {
  encodeMember,
  encodeMilestone,
  encodeSubject,
  type keysOfDay,
  placeOf,
  placeOfSubject,
  requestDigits,
  shortEntryId,
} from './index-codec.ts';

/** A field of a hash, and whether it lives as long as the journal only. */
type Field = { readonly key: string; readonly name: string; readonly value: string; readonly isOfJournal?: true };

/** What one entry adds to the index. */
type IndexedEntry = { readonly members: readonly string[]; readonly fields: readonly Field[] };

type Keys = ReturnType<typeof keysOfDay>;

/** An entry as it has just been written, with the members of its body where they are known. */
export type WrittenEntry = JournalEntry & Pick<JournalNote, 'members'>;

/** An entry that waits to be indexed: what its body claims, without the body, which is large. */
export type ClaimedEntry = Omit<JournalEntry, 'body'> & { readonly claims: Claims };

export const claimedEntry = ({ body, members, ...entry }: WrittenEntry): ClaimedEntry => ({
  ...entry,
  claims: members === undefined ? claimsOf(body) : claimsIn(members),
});

/** Repeats share one field: a callback that is sent ten thousand times takes no more than one that is sent twice. */
const milestoneField = (keys: Keys, entry: ClaimedEntry, subject: string, amount: Claims['amount']) => {
  const { outcome, event } = entry;
  const short = shortEntryId(entry.id);
  const { bucket, field } = placeOfSubject(subject);
  const type = event === null ? null : shortType(event.type);
  const value = encodeMilestone({ outcome, type, amount, eventId: event?.id ?? null });
  const isRepeat = outcome === 'duplicate';
  const name = isRepeat ? `${field}=` : `${field}${short}`;
  return { key: keys.bucket(bucket), name, value: isRepeat ? `${short}|${value}` : value };
};

/**
 * Works out what a genuine entry adds to the index of its day.
 *
 * @param refundId the id that a refund is known by, null for everything else
 */
export const indexedEntry = (keys: Keys, entry: ClaimedEntry, refundId: string | null): IndexedEntry => {
  const { event, requestId, claims } = entry;
  const own = paymentKeyOf(entry, claims);
  const payment = refundId === null ? own : { ...own, id: refundId };
  const subject = encodeSubject(payment);
  const fields: Field[] = [milestoneField(keys, entry, subject, claims.amount)];
  if (event !== null && entry.outcome !== 'duplicate') {
    const { bucket, field } = placeOf(event.id.slice('evt_'.length));
    fields.push({ key: keys.bucket(bucket), name: `x${field}`, value: subject });
  }
  const request = requestDigits(requestId);
  if (request !== null) {
    const { bucket, field } = placeOf(request);
    fields.push({ key: keys.requests(bucket), name: field, value: shortEntryId(entry.id), isOfJournal: true });
  }
  const ids = new Set([...claims.ids, event?.merchantOrderId, event?.transactionId, payment.id]);
  return { members: [...ids].flatMap((id) => (id == null ? [] : [encodeMember(id, payment)])), fields };
};
