import { hash } from 'node:crypto';
import { dayOf } from '../../core/day.ts';
import type { Milestone, PaymentKey, PaymentKind } from '../../operate/ports.ts';
import { outcomeLabels } from '../../receive/outcome.ts';

type SubjectKey = Omit<PaymentKey, 'merchant'>;

/** One letter for each kind. They are stored, so they must never change. */
const LETTERS: Readonly<Record<PaymentKind, string>> = {
  transaction: 't',
  refund: 'r',
  authorization: 'a',
  'identity-check': 'i',
  'payment-verification': 'v',
  unrecognized: 'u',
};
const KINDS = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter, kind as PaymentKind]));

/** A subject as text: its kind as a letter, and its id. */
export const encodeSubject = ({ kind, id }: SubjectKey): string => `${LETTERS[kind]}${id}`;

/** Null for a letter of a later version. */
export const decodeSubject = (text: string): SubjectKey | null => {
  const kind = KINDS.get(text[0] ?? '');
  return kind === undefined ? null : { kind, id: text.slice(1) };
};

const END = '\0';

/** A member of a sorted set: an id in lower case, and its subject, whose id is left out where the key implies it. */
export const encodeMember = (id: string, subject: SubjectKey): string => {
  const key = id.toLowerCase();
  const letter = LETTERS[subject.kind];
  if (subject.id === key) return `${key}${END}${letter}`;
  if (subject.id === id && id === key.toUpperCase()) return `${key}${END}${letter}^`;
  return `${key}${END}${letter}:${subject.id}`;
};

/** The inverse of {@link encodeMember}: the id in lower case, and the subject as {@link encodeSubject} writes it. */
export const decodeMember = (member: string): { readonly id: string; readonly subject: string } => {
  const end = member.indexOf(END);
  const id = member.slice(0, end);
  const [letter = '', form] = [member[end + 1], member[end + 2]];
  if (form === undefined) return { id, subject: letter + id };
  return { id, subject: letter + (form === '^' ? id.toUpperCase() : member.slice(end + 3)) };
};

/** Where something with a random name (hexadecimal) is: a hash that few share, and the beginning of its field. */
type Place = { readonly bucket: string; readonly field: string };

const BUCKET_DIGITS = 3;
const FIELD_DIGITS = 10;

/** A thousand hashes a day: Redis keeps up to 512 fields of one without overhead, so up to 500,000 callbacks a day. */
export const placeOf = (hex: string): Place => ({
  bucket: (Number.parseInt(hex.slice(0, BUCKET_DIGITS), 16) >> 2).toString(36),
  field: hex.slice(2, FIELD_DIGITS),
});

export const placeOfSubject = (subject: string): Place => placeOf(hash('sha1', subject));

/** The hexadecimal digits of a request id, as far as they are given; null where it is not one, or too short to look up. */
export const requestDigits = (text: string): string | null => {
  const digits = /^[0-9a-f-]+$/i.test(text) ? text.toLowerCase().replaceAll('-', '') : '';
  return digits.length >= BUCKET_DIGITS ? digits : null;
};

/** Less of it would be the beginning of every event's id. */
const EVENT_ID = /^evt_[0-9a-f]{3,}$/;
const EVENT_ID_LENGTH = 'evt_'.length + 32;
/** Characters of an event id that are kept: 64 bits. */
const KEPT_OF_EVENT_ID = 'evt_'.length + 16;
/** Keeps events apart from other ids, which may begin with an e too. No id has it: it cannot be printed. */
const EVENTS = '\x02';

/** The member of an event's id: no subject is implied by it. */
export const encodeEvent = (eventId: string, subject: SubjectKey): string =>
  encodeMember(EVENTS + eventId.slice(0, KEPT_OF_EVENT_ID), subject);

/** What members of an id begin with, and whether an id that is no longer is the whole one. */
export const wantedOf = (text: string): { readonly prefix: string; readonly isWhole: boolean } => {
  const wanted = text.toLowerCase();
  if (!EVENT_ID.test(wanted)) return { prefix: wanted, isWhole: true };
  return { prefix: EVENTS + wanted.slice(0, KEPT_OF_EVENT_ID), isWhole: wanted.length === EVENT_ID_LENGTH };
};

/** The keys of a merchant's day. Both are in braces, so that the keys share a slot of a cluster. */
export const keysOfDay = (prefix: string, merchant: string, day: string) => {
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

/** The set of the days whose ids may have to be put into blocks. */
export const daysKey = (prefix: string): string => `${prefix}:index-days`;

/** The day that an entry is indexed under, in UTC: by the clock of Redis, which is in the entry's id. */
export const dayOfEntry = (entryId: string): string => dayOf(timeOf(entryId), 'UTC');

/** `genuine-1763973600000-0` in fewer characters. */
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

/** What happened to a subject, as one text. */
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
