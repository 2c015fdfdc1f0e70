import { shortType } from '../../core/cloud-event.ts';
import { type Claims, claimsIn, claimsOf } from '../../operate/claims.ts';
import { paymentKeyOf } from '../../operate/payment-key.ts';
import type { JournalMeta, NewJournalEntry } from '../../receive/journal.ts';
import {
  encodeEvent,
  encodeMember,
  encodeMilestone,
  encodeSubject,
  type keysOfDay,
  placeOf,
  placeOfSubject,
  requestDigits,
  shortEntryId,
} from './index-codec.ts';

/** An entry that waits to be indexed: what its body claims, without the body, which is large. */
export type ClaimedEntry = { readonly id: string; readonly meta: JournalMeta; readonly claims: Claims };

export const claimedEntry = (id: string, { meta, body, members }: NewJournalEntry): ClaimedEntry => ({
  id,
  meta,
  claims: members === undefined ? claimsOf(body) : claimsIn(members),
});

/** The fields and values of a hash in turns, and whether it lives as long as the journal only. */
type Hash = { readonly isOfJournal: boolean; readonly pairs: string[] };

/** What some entries of one merchant's day add to the index. */
export class IndexBatch {
  readonly members = new Set<string>();
  readonly hashes = new Map<string, Hash>();
  readonly #keys: ReturnType<typeof keysOfDay>;

  constructor(keys: ReturnType<typeof keysOfDay>) {
    this.#keys = keys;
  }

  /** @param refundId the id that a refund is known by, null for everything else */
  add({ id, meta, claims }: ClaimedEntry, refundId: string | null): void {
    const { event, requestId, outcome } = meta;
    const own = paymentKeyOf(meta, claims);
    const payment = refundId === null ? own : { ...own, id: refundId };
    const subject = encodeSubject(payment);
    const short = shortEntryId(id);
    this.#addMilestone(meta, { subject, short, amount: claims.amount });
    if (event !== null && outcome !== 'duplicate') this.members.add(encodeEvent(event.id, payment));
    const request = requestDigits(requestId);
    if (request !== null) {
      const { bucket, field } = placeOf(request);
      this.#set(this.#keys.requests(bucket), field, short, true);
    }
    for (const name of claims.ids) this.members.add(encodeMember(name, payment));
    if (event?.merchantOrderId != null) this.members.add(encodeMember(event.merchantOrderId, payment));
    if (event?.transactionId != null) this.members.add(encodeMember(event.transactionId, payment));
    this.members.add(encodeMember(payment.id, payment));
  }

  /** Repeats share one field: a callback that is sent ten thousand times takes no more than one that is sent twice. */
  #addMilestone(
    { outcome, event }: JournalMeta,
    { subject, short, amount }: { readonly subject: string; readonly short: string } & Pick<Claims, 'amount'>,
  ): void {
    const { bucket, field } = placeOfSubject(subject);
    const type = event === null ? null : shortType(event.type);
    const value = encodeMilestone({ outcome, type, amount, eventId: event?.id ?? null });
    const key = this.#keys.bucket(bucket);
    if (outcome === 'duplicate') this.#set(key, `${field}=`, `${short}|${value}`);
    else this.#set(key, `${field}${short}`, value);
  }

  #set(key: string, field: string, value: string, isOfJournal = false): void {
    const hash = this.hashes.get(key);
    if (hash === undefined) this.hashes.set(key, { isOfJournal, pairs: [field, value] });
    else hash.pairs.push(field, value);
  }
}
