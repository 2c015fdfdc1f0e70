import { hash } from 'node:crypto';

/** What an event is about. Two callbacks about the same subject share one history in the ledger. */
export type Subject = {
  /** `transaction`, `refund`, `authorization`, … : ids of different kinds never meet. */
  readonly kind: string;
  /** PayCools's id of it, or what identifies it where there is none (PAYCOOLS.md 6). */
  readonly id: string;
};

/** A subject as one text: `transaction:D1`. */
export const subjectKey = ({ kind, id }: Subject): string => `${kind}:${id}`;

/** The subject of a {@link subjectKey}. A kind holds no colon; an id may. */
export const subjectOfKey = (key: string): Subject => {
  const colon = key.indexOf(':');
  return { kind: key.slice(0, colon), id: key.slice(colon + 1) };
};

const ID_DIGITS = 32; // 128 bits: no two of them meet by chance

const shortHash = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts)).slice(0, ID_DIGITS);

/**
 * The id of the event that `subject` of `merchant` has reached `status`: the same whether it came by callback, by a
 * repeat, by reconciliation or by replay, and whatever family it was posted to.
 *
 * @param reachedAt milliseconds since 1970 where the status was reached again after another final one; null otherwise
 * @see PAYCOOLS.md 6, the identity of a callback
 */
export const eventId = (merchant: string, subject: Subject, status: string, reachedAt: number | null = null): string =>
  `evt_${shortHash([merchant, subject.kind, subject.id, status, ...(reachedAt === null ? [] : [String(reachedAt)])])}`;

/** Stands for something that identifies but must not be shown or logged, such as a token or a whole body. */
export const opaqueId = (text: string): string => shortHash(['opaque', text]);

/** The id of a body that is genuine but not understood: the signed text stands for its subject. */
export const unrecognizedId = (merchant: string, signedText: string): string =>
  `evt_${shortHash([merchant, 'unrecognized', signedText])}`;

/** The id of a payment verification: equal when it is repeated. */
export const paymentVerificationId = (merchant: string, eventName: string, identity: readonly string[]): string =>
  `evt_${shortHash([merchant, 'question', eventName, ...identity])}`;

/** Identifies one content of an event: what is confirmed, and what PayCools contradicted. */
export const contentId = (eventId: string, content: string): string =>
  `evt_${shortHash(['content', eventId, content])}`;

/** The id of a finding about an event: the same disagreement is reported once. */
export const findingId = (kind: string, aboutEventId: string, content: string): string =>
  `evt_${shortHash(['finding', kind, aboutEventId, content])}`;
