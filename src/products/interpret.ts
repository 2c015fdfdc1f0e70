import type { Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { JsonRecord } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Verified } from '../verify/verify.ts';
import type { Facts, ProductDefinition, ReadContext } from './definition.ts';
import { swallowingMember } from './fields.ts';
import type { QuestionFacts } from './payment-verification.ts';
import type { QuestionEntry, Registry, RegistryEntry } from './registry.ts';
import { resolveStatus } from './statuses.ts';

/** What a genuine callback says, read by one family. */
export type News = {
  readonly definition: ProductDefinition;
  readonly notificationName: string | null;
  readonly eventName: string | null;
  readonly status: Status;
  readonly facts: Facts;
  readonly raw: JsonRecord;
  readonly signedText: string;
};

/** What PayCools asks and waits for. */
export type AskedQuestion = {
  readonly entry: QuestionEntry;
  readonly facts: QuestionFacts;
  readonly raw: JsonRecord;
};

/** Where the callback was posted, and how its times are meant. */
export type InterpretContext = { readonly product: string | null; readonly timeZone: string };

/** The event name as received, null where it is missing or no text. */
export const eventNameOf = (raw: JsonRecord): string | null =>
  typeof raw['eventName'] === 'string' && raw['eventName'] !== '' ? raw['eventName'] : null;

/** Null and empty members are not signed, so nothing may depend on them. */
const signedOnly = (raw: JsonRecord): JsonRecord => {
  const isSigned = (name: string): boolean => raw[name] !== null && raw[name] !== '';
  if (Object.keys(raw).every(isSigned)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([name]) => isSigned(name)));
};

/**
 * Lets a family read the members that are signed, which null and empty ones are not; none may have swallowed another.
 *
 * @returns what it read, or what could not be understood
 */
const readSigned = <Value>(
  raw: JsonRecord,
  read: (signed: JsonRecord) => Result<Value, string>,
): Result<Value, string> => {
  const signed = signedOnly(raw);
  const facts = read(signed);
  const swallowing = facts.ok ? swallowingMember(signed) : null;
  return swallowing === null ? facts : fail(`${swallowing}: holds what looks like another member of the signed text`);
};

type Reading = ReadContext & { readonly entry: RegistryEntry; readonly raw: JsonRecord };

const readBy = ({ entry, raw, ...context }: Reading): Result<Omit<News, 'status'>, string> => {
  const { definition, notification } = entry;
  const facts = readSigned(raw, (signed) => notification.read(signed, context));
  if (!facts.ok) return facts;
  const { signedText } = context;
  const eventName = eventNameOf(raw);
  return ok({ definition, notificationName: notification.name, eventName, facts: facts.value, raw, signedText });
};

const readAsked = ({ question }: QuestionEntry, raw: JsonRecord, timeZone: string): Result<QuestionFacts, string> =>
  readSigned(raw, (signed) => question.read(signed, timeZone));

/** What is wrong with a question that was taken for news because it could not be understood. */
const misunderstood = ({ questions }: Registry, raw: JsonRecord, { timeZone }: InterpretContext): string | null => {
  const entry = questions.get(eventNameOf(raw) ?? '');
  const facts = entry === undefined ? null : readAsked(entry, raw, timeZone);
  return facts?.ok === false ? facts.error : null;
};

const unknownEvent = (eventName: string | null): string =>
  eventName === null ? 'eventName: is missing or no text' : 'eventName: is not one that PayCools documents';

/**
 * Reads a genuine callback by the family that its event name belongs to.
 *
 * @returns the news, or what could not be understood, as a sentence for an operator
 */
export const interpret = (registry: Registry, proof: Verified, context: InterpretContext): Result<News, string> => {
  const { raw } = proof;
  const eventName = eventNameOf(raw);
  const entry = registry.find(eventName, context.product);
  if (entry === undefined) return fail(misunderstood(registry, raw, context) ?? unknownEvent(eventName));
  const reading = readBy({ entry, raw, timeZone: context.timeZone, signedText: proof.signedText });
  if (!reading.ok) return reading;
  const { notification } = entry;
  const byName = notification.events[eventName ?? ''] ?? (notification.otherEvents as Status);
  const word = reading.value.facts.statusWord;
  const status = resolveStatus({ word, byName, words: notification.words });
  if (!status.ok) return status;
  if (!notification.statuses.includes(status.value)) return fail(`status: ${status.value} is none of this product`);
  return ok({ ...reading.value, status: status.value });
};

/**
 * Reads news again as another family: the one that its subject is pinned to because it was first seen there.
 *
 * @returns the news as that family tells it, or null where that family cannot read it
 */
export const reinterpret = (
  registry: Registry,
  news: News,
  { product, timeZone }: { product: string; timeZone: string },
): News | null => {
  const { raw, signedText, status } = news;
  const definition = registry.byProduct.get(product);
  for (const notification of definition?.notifications ?? []) {
    const entry = { definition: definition as ProductDefinition, notification };
    const reading = readBy({ entry, raw, signedText, timeZone });
    const isSame = reading.ok && reading.value.facts.subject.kind === news.facts.subject.kind;
    if (isSame && notification.statuses.includes(status)) return { ...reading.value, status };
  }
  return null;
};

/** What PayCools answered about a subject, under the names that a callback has (PAYCOOLS.md 4, "several names"). */
type Answered = { readonly product: string; readonly subject: Subject; readonly fields: JsonRecord };

const statusIn = ({ notification }: RegistryEntry, { statusWord }: Facts): Status | null => {
  const status = notification.words[statusWord?.toUpperCase() ?? ''];
  return status !== undefined && notification.statuses.includes(status) ? status : null;
};

/**
 * Reads what PayCools answered when it was asked, as the family reads its callbacks. So the event is the one that the
 * callback would have made; only the event name is missing, and what the answer does not carry.
 *
 * @returns the news, or what could not be understood, as a sentence for an operator
 */
export const interpretAnswer = (
  registry: Registry,
  { product, subject, fields: raw }: Answered,
  timeZone: string,
): Result<News, string> => {
  const definition = registry.byProduct.get(product);
  if (definition === undefined) return fail(`product: ${product} is not known`);
  let reason = 'product: has no news about such a subject';
  for (const notification of definition.notifications) {
    const entry = { definition, notification };
    const reading = readBy({ entry, raw, signedText: '', timeZone });
    if (!reading.ok) reason = reading.error;
    if (!reading.ok || reading.value.facts.subject.kind !== subject.kind) continue;
    const status = statusIn(entry, reading.value.facts);
    return status === null ? fail('status: is none of this product') : ok({ ...reading.value, status });
  }
  return fail(reason);
};

/**
 * The question that a genuine callback asks, or null where it asks none.
 *
 * @returns a failure where it asks one that cannot be understood
 */
export const readQuestion = (
  registry: Registry,
  proof: Verified,
  timeZone: string,
): Result<AskedQuestion, string> | null => {
  const { raw } = proof;
  const entry = registry.questions.get(eventNameOf(raw) ?? '');
  if (entry === undefined) return null;
  const facts = readAsked(entry, raw, timeZone);
  return facts.ok ? ok({ entry, facts: facts.value, raw }) : facts;
};
