import { hash } from 'node:crypto';
import { dayOf } from '../../core/day.ts';
import type { Milestone, PaymentKey, PaymentKind } from '../../operate/ports.ts';
import { outcomeLabels } from '../../receive/outcome.ts';

type SubjectKey = Omit<PaymentKey, 'merchant'>;

/** One letter per kind. They are stored, so they must never change. */
const LETTERS: Readonly<Record<PaymentKind, string>> = {
  transaction: 't',
  refund: 'r',
  authorization: 'a',
  'identity-check': 'i',
  'payment-verification': 'v',
  unrecognized: 'u',
};
const KINDS = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter, kind as PaymentKind]));

/** A subject as text: the letter of its kind, then its id. */
export const encodeSubject = ({ kind, id }: SubjectKey): string => `${LETTERS[kind]}${id}`;

/** Null for a letter that only a later version knows. */
export const decodeSubject = (text: string): SubjectKey | null => {
  const kind = KINDS.get(text[0] ?? '');
  return kind === undefined ? null : { kind, id: text.slice(1) };
};

const END = '\0';

/** A member of a sorted set: an id in lower case, then its subject, whose id is omitted if it follows from the first. */
export const encodeMember = (id: string, subject: SubjectKey): string => {
  const lower = id.toLowerCase();
  const letter = LETTERS[subject.kind];
  if (subject.id === lower) return `${lower}${END}${letter}`;
  if (subject.id === id && id === lower.toUpperCase()) return `${lower}${END}${letter}^`;
  return `${lower}${END}${letter}:${subject.id}`;
};

/** The inverse of {@link encodeMember}: the id in lower case, and the subject as {@link encodeSubject} writes it. */
export const decodeMember = (member: string): { readonly id: string; readonly subject: string } => {
  const end = member.indexOf(END);
  const id = member.slice(0, end);
  const [letter = '', form] = [member[end + 1], member[end + 2]];
  if (form === undefined) return { id, subject: letter + id };
  return { id, subject: letter + (form === '^' ? id.toUpperCase() : member.slice(end + 3)) };
};

/** Where a record with a random hexadecimal name is stored: one of many small hashes, and a prefix of its field. */
type Place = { readonly bucket: string; readonly field: string };

const BUCKET_DIGITS = 3;
const FIELD_DIGITS = 10;

/** 1,024 hashes per day. Redis stores up to 512 fields of a hash compactly, which suffices for 500,000 callbacks a day. */
export const placeOf = (hex: string): Place => ({
  bucket: (Number.parseInt(hex.slice(0, BUCKET_DIGITS), 16) >> 2).toString(36),
  field: hex.slice(2, FIELD_DIGITS),
});

export const placeOfSubject = (subject: string): Place => placeOf(hash('sha1', subject));

/** The hexadecimal digits of a request id or of its beginning; null when it is neither, or too short to look up. */
export const requestDigits = (text: string): string | null => {
  const digits = /^[0-9a-f-]+$/i.test(text) ? text.toLowerCase().replaceAll('-', '') : '';
  return digits.length >= BUCKET_DIGITS ? digits : null;
};

/** An event id or its beginning: a shorter prefix would match every event id. */
const EVENT_ID = /^evt_[0-9a-f]{3,}$/;
const EVENT_ID_LENGTH = 'evt_'.length + 32;
/** Characters of an event id that are indexed: `evt_` and 64 bits. */
const INDEXED_LENGTH = 'evt_'.length + 16;
/** Precedes event ids, because other ids may begin with `evt_` too. Not printable, so that no id contains it. */
const EVENT_MARK = '\x02';

/** The member for an event's id, which never implies its subject. */
export const encodeEventMember = (eventId: string, subject: SubjectKey): string =>
  encodeMember(EVENT_MARK + eventId.slice(0, INDEXED_LENGTH), subject);

/** Turns a search text into a prefix of members; `isWhole` when a member whose id is no longer than that is an exact hit. */
export const parseSearch = (text: string): { readonly prefix: string; readonly isWhole: boolean } => {
  const lower = text.toLowerCase();
  if (!EVENT_ID.test(lower)) return { prefix: lower, isWhole: true };
  return { prefix: EVENT_MARK + lower.slice(0, INDEXED_LENGTH), isWhole: lower.length === EVENT_ID_LENGTH };
};

export type DayKeys = ReturnType<typeof dayKeys>;

/** The keys of one merchant's day. They have the same hash tag, so that they share a slot of a cluster. */
export const dayKeys = (prefix: string, merchant: string, day: string) => {
  const base = `${prefix}:{index:${merchant}:${day}}`;
  return {
    recent: `${base}:recent`,
    blocks: `${base}:blocks`,
    firstBlock: `${base}:ids:`,
    bucket: (bucket: string): string => `${base}:${bucket}`,
    requests: (bucket: string): string => `${base}:requests:${bucket}`,
  };
};

const timeOf = (entryId: string): number => Number(entryId.split('-')[1]);

/** The set of days, one per merchant, that have ids to compact. */
export const pendingDaysKey = (prefix: string): string => `${prefix}:index-days`;

/** The UTC day that an entry is indexed under, by the clock of Redis, whose time is in the entry's id. */
export const dayOfEntry = (entryId: string): string => dayOf(timeOf(entryId), 'UTC');

/** Abbreviates an entry id such as `genuine-1763973600000-0`. */
export const shortEntryId = (entryId: string): string => {
  const [part = '', ms = '', sequence = ''] = entryId.split('-');
  return `${part[0]}${Number(ms).toString(36)}-${sequence}`;
};

export const longEntryId = (short: string): string => {
  const [ms = '', sequence = ''] = short.slice(1).split('-');
  return `${short.startsWith('s') ? 'suspect' : 'genuine'}-${Number.parseInt(ms, 36)}-${sequence}`;
};

const shortEventId = (eventId: string): string => Buffer.from(eventId.slice(4), 'hex').toString('base64url');
const longEventId = (short: string): string => `evt_${Buffer.from(short, 'base64url').toString('hex')}`;

/** A milestone as text, without the entry id, which also has its time. */
export const encodeMilestone = ({ outcome, type, amount, eventId }: Omit<Milestone, 'entryId' | 'at'>): string =>
  [
    outcomeLabels.indexOf(outcome),
    type ?? '',
    amount?.minor ?? '',
    amount === null || amount.currency === 'PHP' ? '' : amount.currency,
    eventId === null ? '' : shortEventId(eventId),
  ].join('|');

export const decodeMilestone = (short: string, text: string): Milestone => {
  const [outcome = '', type = '', minor = '', currency = '', event = ''] = text.split('|');
  const entryId = longEntryId(short);
  return {
    entryId,
    at: timeOf(entryId),
    outcome: outcomeLabels[Number(outcome)] ?? 'accepted',
    type: type === '' ? null : type,
    amount: minor === '' ? null : { minor: Number(minor), currency: currency === '' ? 'PHP' : currency },
    eventId: event === '' ? null : longEventId(event),
  };
};
