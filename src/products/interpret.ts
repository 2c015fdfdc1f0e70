import type { Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import type { JsonRecord } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Verified } from '../verify/verify.ts';
import type { Facts, ProductDefinition, ReadContext } from './definition.ts';
import type { PaymentVerificationFacts } from './payment-verification.ts';
import { entryOf, type PaymentVerificationEntry, type Registry, type RegistryEntry } from './registry.ts';
import { resolveStatus } from './statuses.ts';

/** What happened according to a genuine callback, as read by its family. */
export type InterpretedCallback = {
  readonly definition: ProductDefinition;
  readonly notificationName: string | null;
  readonly eventName: string | null;
  readonly status: Status;
  readonly facts: Facts;
  readonly raw: JsonRecord;
  readonly signedText: string;
};

/** A payment verification, as read by its family. */
export type PaymentVerification = {
  readonly entry: PaymentVerificationEntry;
  readonly facts: PaymentVerificationFacts;
  readonly raw: JsonRecord;
};

/** The product at whose address the callback was posted, and the time zone of times without an offset. */
export type InterpretContext = { readonly product: string | null; readonly timeZone: string };

/** The event name as received; null if it is missing or not a string. */
export const eventNameOf = (raw: JsonRecord): string | null =>
  typeof raw['eventName'] === 'string' && raw['eventName'] !== '' ? raw['eventName'] : null;

/** Null and empty members carry no information; in a flat body they are not even signed. */
const withoutEmpty = (raw: JsonRecord): JsonRecord => {
  const isPresent = (name: string): boolean => raw[name] !== null && raw[name] !== '';
  if (Object.keys(raw).every(isPresent)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([name]) => isPresent(name)));
};

type Reading = ReadContext & { readonly entry: RegistryEntry; readonly raw: JsonRecord };

const readBy = ({ entry, raw, ...context }: Reading): Result<Omit<InterpretedCallback, 'status'>, string> => {
  const { definition, notification } = entry;
  const facts = notification.read(withoutEmpty(raw), context);
  if (!facts.ok) return facts;
  const { signedText } = context;
  const eventName = eventNameOf(raw);
  return ok({ definition, notificationName: notification.name, eventName, facts: facts.value, raw, signedText });
};

type StatusSource = Pick<InterpretedCallback, 'facts' | 'eventName'> & { readonly entry: RegistryEntry };

const statusOf = ({ entry, facts, eventName }: StatusSource): Result<Status, string> => {
  const { notification, statusByName } = entry;
  const byName = statusByName.get(eventName ?? '') ?? null;
  const status = resolveStatus({ word: facts.rawStatus, byName, rules: notification.statusRules });
  if (!status.ok || notification.statuses.includes(status.value)) return status;
  return fail(`status: ${status.value} is not a status of this product`);
};

/** Why a callback is not trusted on its signature alone. */
export const AMBIGUOUS = 'the signed text could also be read with other members';

const unknownEvent = (eventName: string | null): string =>
  eventName === null ? 'eventName: is missing or not a string' : 'eventName: is not one that PayCools documents';

/**
 * Interprets a genuine callback as the family to which its event name belongs.
 *
 * @returns what happened, or why it could not be understood, as a sentence for an operator
 */
export const interpret = (
  registry: Registry,
  proof: Verified,
  context: InterpretContext,
): Result<InterpretedCallback, string> => {
  const { raw } = proof;
  const eventName = eventNameOf(raw);
  const entry = registry.find(eventName, context.product);
  if (entry === undefined) {
    const verification = readPaymentVerification(registry, proof, context.timeZone);
    return fail(verification?.ok === false ? verification.error : unknownEvent(eventName));
  }
  const reading = readBy({ entry, raw, timeZone: context.timeZone, signedText: proof.signedText });
  if (!reading.ok) return reading;
  const status = statusOf({ entry, ...reading.value });
  return status.ok ? ok({ ...reading.value, status: status.value }) : status;
};

/**
 * Interprets a callback again as another family: the one under which its subject was first seen.
 *
 * @returns null if that family cannot read it
 */
export const reinterpret = (
  registry: Registry,
  interpreted: InterpretedCallback,
  { product, timeZone }: { product: string; timeZone: string },
): InterpretedCallback | null => {
  const { raw, signedText, status } = interpreted;
  const definition = registry.byProduct.get(product);
  for (const notification of definition?.notifications ?? []) {
    const entry = entryOf(definition as ProductDefinition, notification);
    const reading = readBy({ entry, raw, signedText, timeZone });
    const isSame = reading.ok && reading.value.facts.subject.kind === interpreted.facts.subject.kind;
    if (isSame && notification.statuses.includes(status)) return { ...reading.value, status };
  }
  return null;
};

/** What the API returned about a subject, under the field names of a callback (docs/paycools.md 4, "several names"). */
type ApiReply = { readonly product: string; readonly subject: Subject; readonly fields: JsonRecord };

/**
 * Interprets an API reply as the family interprets its callbacks. The result is that of the callback, except for the
 * event name and other members that the reply lacks.
 *
 * @returns what happened, or why it could not be understood, as a sentence for an operator
 */
export const interpretReply = (
  registry: Registry,
  { product, subject, fields: raw }: ApiReply,
  timeZone: string,
): Result<InterpretedCallback, string> => {
  const definition = registry.byProduct.get(product);
  if (definition === undefined) return fail(`product: ${product} is unknown`);
  let reason = `product: ${product} has no notification about a ${subject.kind}`;
  for (const notification of definition.notifications) {
    const entry = entryOf(definition, notification);
    const reading = readBy({ entry, raw, signedText: '', timeZone });
    if (!reading.ok) reason = reading.error;
    if (!reading.ok || reading.value.facts.subject.kind !== subject.kind) continue;
    const status = statusOf({ entry, ...reading.value });
    return status.ok ? ok({ ...reading.value, status: status.value }) : status;
  }
  return fail(reason);
};

/**
 * Reads a genuine callback as a payment verification.
 *
 * @returns null if it is not one; a failure if it is one that cannot be understood
 */
export const readPaymentVerification = (
  registry: Registry,
  proof: Verified,
  timeZone: string,
): Result<PaymentVerification, string> | null => {
  const { raw } = proof;
  const entry = registry.paymentVerifications.get(eventNameOf(raw) ?? '');
  if (entry === undefined) return null;
  if (proof.isAmbiguous) return fail(AMBIGUOUS);
  const facts = entry.verification.read(withoutEmpty(raw), timeZone);
  return facts.ok ? ok({ entry, facts: facts.value, raw }) : facts;
};
