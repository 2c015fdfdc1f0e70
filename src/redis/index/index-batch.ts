import { shortType } from '../../core/cloud-event.ts';
import { type Claims, claimsIn, claimsOf } from '../../operate/claims.ts';
import { paymentKeyOf } from '../../operate/payment-key.ts';
import type { JournalMeta, NewJournalEntry } from '../../receive/journal.ts';
import {
  type DayKeys,
  encodeEventMember,
  encodeMember,
  encodeMilestone,
  encodeSubject,
  placeOf,
  placeOfSubject,
  requestDigits,
  shortEntryId,
} from './index-codec.ts';

/** An entry to be indexed: it has what the body claims, but not the body, which is large. */
export type ClaimedEntry = { readonly id: string; readonly meta: JournalMeta; readonly claims: Claims };

export const claimedEntry = (id: string, { meta, body, members }: NewJournalEntry): ClaimedEntry => ({
  id,
  meta,
  claims: members === undefined ? claimsOf(body) : claimsIn(members),
});

/** Alternating fields and values of a hash, and whether it expires with the journal rather than with the ledger. */
type Hash = { readonly isOfJournal: boolean; readonly pairs: string[] };

/** Collects what several entries of one merchant's day add to the index. */
export class IndexBatch {
  readonly members = new Set<string>();
  readonly hashes = new Map<string, Hash>();
  readonly #keys: DayKeys;

  constructor(keys: DayKeys) {
    this.#keys = keys;
  }

  /** @param refundId the id under which the ledger knows a refund; null for other entries */
  add({ id, meta, claims }: ClaimedEntry, refundId: string | null): void {
    const { event, requestId, outcome } = meta;
    const claimed = paymentKeyOf(meta, claims);
    const payment = refundId === null ? claimed : { ...claimed, id: refundId };
    const subject = encodeSubject(payment);
    const short = shortEntryId(id);
    this.#addMilestone(meta, { subject, short, amount: claims.amount });
    if (event !== null && outcome !== 'duplicate') this.members.add(encodeEventMember(event.id, payment));
    const request = requestDigits(requestId);
    if (request !== null) {
      const { bucket, field } = placeOf(request);
      this.#set(this.#keys.requests(bucket), [field, short], { isOfJournal: true });
    }
    for (const name of [...claims.ids, event?.merchantOrderId, event?.transactionId, payment.id]) {
      if (name != null) this.members.add(encodeMember(name, payment));
    }
  }

  /** Repeats share one field: a callback sent ten thousand times takes no more memory than one sent twice. */
  #addMilestone(
    { outcome, event }: JournalMeta,
    { subject, short, amount }: { readonly subject: string; readonly short: string } & Pick<Claims, 'amount'>,
  ): void {
    const { bucket, field } = placeOfSubject(subject);
    const type = event === null ? null : shortType(event.type);
    const value = encodeMilestone({ outcome, type, amount, eventId: event?.id ?? null });
    const key = this.#keys.bucket(bucket);
    const isRepeat = outcome === 'duplicate';
    const pair = isRepeat ? [`${field}=`, `${short}|${value}`] : [`${field}${short}`, value];
    this.#set(key, pair, { isOfJournal: false });
  }

  #set(key: string, pair: string[], { isOfJournal }: Pick<Hash, 'isOfJournal'>): void {
    const hash = this.hashes.get(key);
    if (hash === undefined) this.hashes.set(key, { isOfJournal, pairs: pair });
    else hash.pairs.push(...pair);
  }
}
