import type { Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { JsonRecord } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Verified } from '../verify/verify.ts';
import type { Facts, ProductDefinition, ReadContext } from './definition.ts';
import { findSmuggledField } from './fields.ts';
import type { PaymentVerificationFacts } from './payment-verification.ts';
import type { PaymentVerificationEntry, Registry, RegistryEntry } from './registry.ts';
import { resolveStatus } from './statuses.ts';

/** What a genuine callback says happened, as one family reads it. */
export type InterpretedCallback = {
  readonly definition: ProductDefinition;
  readonly notificationName: string | null;
  readonly eventName: string | null;
  readonly status: Status;
  readonly facts: Facts;
  readonly raw: JsonRecord;
  readonly signedText: string;
};

/** A payment verification: PayCools waits for the answer. */
export type PaymentVerification = {
  readonly entry: PaymentVerificationEntry;
  readonly facts: PaymentVerificationFacts;
  readonly raw: JsonRecord;
};

/** Where the callback was posted, and how its times are meant. */
export type InterpretContext = { readonly product: string | null; readonly timeZone: string };

/** The event name as received, null where it is missing or not a string. */
export const eventNameOf = (raw: JsonRecord): string | null =>
  typeof raw['eventName'] === 'string' && raw['eventName'] !== '' ? raw['eventName'] : null;

/** Null and empty members are not signed, so nothing may depend on them. */
const signedOnly = (raw: JsonRecord): JsonRecord => {
  const isSigned = (name: string): boolean => raw[name] !== null && raw[name] !== '';
  if (Object.keys(raw).every(isSigned)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([name]) => isSigned(name)));
};

/**
 * Lets a family read the members that are signed, which null and empty ones are not; none may hide another.
 *
 * @returns what it read, or what could not be understood
 */
const readSigned = <Value>(
  raw: JsonRecord,
  read: (signed: JsonRecord) => Result<Value, string>,
): Result<Value, string> => {
  const signed = signedOnly(raw);
  const facts = read(signed);
  const smuggled = facts.ok ? findSmuggledField(signed) : null;
  return smuggled === null ? facts : fail(`${smuggled}: holds what looks like another member of the signed text`);
};

type Reading = ReadContext & { readonly entry: RegistryEntry; readonly raw: JsonRecord };

const readBy = ({ entry, raw, ...context }: Reading): Result<Omit<InterpretedCallback, 'status'>, string> => {
  const { definition, notification } = entry;
  const facts = readSigned(raw, (signed) => notification.read(signed, context));
  if (!facts.ok) return facts;
  const { signedText } = context;
  const eventName = eventNameOf(raw);
  return ok({ definition, notificationName: notification.name, eventName, facts: facts.value, raw, signedText });
};

const readVerification = (
  { verification }: PaymentVerificationEntry,
  raw: JsonRecord,
  timeZone: string,
): Result<PaymentVerificationFacts, string> => readSigned(raw, (signed) => verification.read(signed, timeZone));

/** Why a payment verification could not be understood; null where the callback is not one. */
const describeUnreadableVerification = (
  { paymentVerifications }: Registry,
  raw: JsonRecord,
  { timeZone }: InterpretContext,
): string | null => {
  const entry = paymentVerifications.get(eventNameOf(raw) ?? '');
  const facts = entry === undefined ? null : readVerification(entry, raw, timeZone);
  return facts?.ok === false ? facts.error : null;
};

const unknownEvent = (eventName: string | null): string =>
  eventName === null ? 'eventName: is missing or not a string' : 'eventName: is not one that PayCools documents';

/**
 * Reads a genuine callback by the family that its event name belongs to.
 *
 * @returns what happened, or what could not be understood, as a sentence for an operator
 */
export const interpret = (
  registry: Registry,
  proof: Verified,
  context: InterpretContext,
): Result<InterpretedCallback, string> => {
  const { raw } = proof;
  const eventName = eventNameOf(raw);
  const entry = registry.find(eventName, context.product);
  if (entry === undefined)
    return fail(describeUnreadableVerification(registry, raw, context) ?? unknownEvent(eventName));
  const reading = readBy({ entry, raw, timeZone: context.timeZone, signedText: proof.signedText });
  if (!reading.ok) return reading;
  const { notification } = entry;
  const byName = notification.events[eventName ?? ''] ?? (notification.otherEvents as Status);
  const word = reading.value.facts.rawStatus;
  const status = resolveStatus({ word, byName, statusByWord: notification.statusByWord });
  if (!status.ok) return status;
  if (!notification.statuses.includes(status.value))
    return fail(`status: ${status.value} is not a status of this product`);
  return ok({ ...reading.value, status: status.value });
};

/**
 * Interprets a callback again as another family: the one that its subject is pinned to because it was first seen there.
 *
 * @returns null where that family cannot read it
 */
export const reinterpret = (
  registry: Registry,
  interpreted: InterpretedCallback,
  { product, timeZone }: { product: string; timeZone: string },
): InterpretedCallback | null => {
  const { raw, signedText, status } = interpreted;
  const definition = registry.byProduct.get(product);
  for (const notification of definition?.notifications ?? []) {
    const entry = { definition: definition as ProductDefinition, notification };
    const reading = readBy({ entry, raw, signedText, timeZone });
    const isSame = reading.ok && reading.value.facts.subject.kind === interpreted.facts.subject.kind;
    if (isSame && notification.statuses.includes(status)) return { ...reading.value, status };
  }
  return null;
};

/** A reply of PayCools about a subject, under the names that a callback has (PAYCOOLS.md 4, "several names"). */
type ApiReply = { readonly product: string; readonly subject: Subject; readonly fields: JsonRecord };

const statusIn = ({ notification }: RegistryEntry, { rawStatus }: Facts): Status | null => {
  const status = notification.statusByWord[rawStatus?.toUpperCase() ?? ''];
  return status !== undefined && notification.statuses.includes(status) ? status : null;
};

/**
 * Interprets a reply of the API as the family reads its callbacks. So the event is the one that the callback would have
 * made; only the event name is missing, and what the reply does not carry.
 *
 * @returns what happened, or what could not be understood, as a sentence for an operator
 */
export const interpretReply = (
  registry: Registry,
  { product, subject, fields: raw }: ApiReply,
  timeZone: string,
): Result<InterpretedCallback, string> => {
  const definition = registry.byProduct.get(product);
  if (definition === undefined) return fail(`product: ${product} is not known`);
  let reason = 'product: has no notification about such a subject';
  for (const notification of definition.notifications) {
    const entry = { definition, notification };
    const reading = readBy({ entry, raw, signedText: '', timeZone });
    if (!reading.ok) reason = reading.error;
    if (!reading.ok || reading.value.facts.subject.kind !== subject.kind) continue;
    const status = statusIn(entry, reading.value.facts);
    return status === null ? fail('status: is not a status of this product') : ok({ ...reading.value, status });
  }
  return fail(reason);
};

/**
 * Reads a genuine callback as a payment verification, or returns null where it is not one.
 *
 * @returns a failure where it is one that cannot be understood
 */
export const readPaymentVerification = (
  registry: Registry,
  proof: Verified,
  timeZone: string,
): Result<PaymentVerification, string> | null => {
  const { raw } = proof;
  const entry = registry.paymentVerifications.get(eventNameOf(raw) ?? '');
  if (entry === undefined) return null;
  const facts = readVerification(entry, raw, timeZone);
  return facts.ok ? ok({ entry, facts: facts.value, raw }) : facts;
};
