import { hash } from 'node:crypto';

/** What an event is about. All callbacks about a subject share one history in the ledger. */
export type Subject = {
  /** `transaction`, `refund`, `authorization`, …: ids of different kinds never collide. */
  readonly kind: string;
  /** PayCools's id of it, or what identifies it if it has none (docs/paycools.md 6). */
  readonly id: string;
};

/** A subject as one text: `transaction:D1`. */
export const subjectKey = ({ kind, id }: Subject): string => `${kind}:${id}`;

/** The inverse of {@link subjectKey}. A kind contains no colon; an id may. */
export const subjectOfKey = (key: string): Subject => {
  const colon = key.indexOf(':');
  return { kind: key.slice(0, colon), id: key.slice(colon + 1) };
};

const ID_DIGITS = 32; // 128 bits: no two ids collide by chance

const shortHash = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts)).slice(0, ID_DIGITS);

/**
 * The id of the event that `subject` of `merchant` has reached `status`: the same whether it is received by callback,
 * repeat, reconciliation or replay, and whichever family it was posted to.
 *
 * @param reachedAt the time if the status was reached again after another final one, in milliseconds since 1970; else
 *   null
 * @see docs/paycools.md 6, the identity of a callback
 */
export const eventId = (merchant: string, subject: Subject, status: string, reachedAt: number | null = null): string =>
  `evt_${shortHash([merchant, subject.kind, subject.id, status, ...(reachedAt === null ? [] : [String(reachedAt)])])}`;

/** Replaces an identifying text that must not be shown or logged, such as a token or a whole body. */
export const opaqueId = (text: string): string => shortHash(['opaque', text]);

/** The id of an unrecognized event: the signed text takes the place of a subject. */
export const unrecognizedId = (merchant: string, signedText: string): string =>
  `evt_${shortHash([merchant, 'unrecognized', signedText])}`;

/** The id of a payment verification; a repeat has the same id. */
export const paymentVerificationId = (merchant: string, eventName: string, identity: readonly string[]): string =>
  `evt_${shortHash([merchant, 'question', eventName, ...identity])}`;

/** Identifies the content of an event, which is what PayCools confirms or contradicts. */
export const contentId = (eventId: string, content: string): string =>
  `evt_${shortHash(['content', eventId, content])}`;

/** The id of a finding about an event. The same disagreement has the same id, so it is reported once. */
export const findingId = (kind: string, aboutEventId: string, content: string): string =>
  `evt_${shortHash(['finding', kind, aboutEventId, content])}`;
