import type { Status } from '../core/event.ts';
import type { JsonRecord } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Facts, ProductDefinition, ReadContext } from './definition.ts';
import type { Registry, RegistryEntry } from './registry.ts';
import { resolveStatus } from './statuses.ts';

/** What a genuine callback says, read by one family. */
export type News = {
  readonly definition: ProductDefinition;
  readonly notificationName: string | null;
  readonly eventName: string;
  readonly status: Status;
  readonly facts: Facts;
  readonly raw: JsonRecord;
};

/** Null and empty members are not signed, so nothing may depend on them. */
const signedOnly = (raw: JsonRecord): JsonRecord =>
  Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null && value !== ''));

type Reading = ReadContext & { readonly entry: RegistryEntry; readonly eventName: string; readonly raw: JsonRecord };

const readBy = ({ entry, eventName, raw, timeZone }: Reading): Result<Omit<News, 'status'>, string> => {
  const { definition, notification } = entry;
  const facts = notification.read(signedOnly(raw), { timeZone });
  if (!facts.ok) return facts;
  return ok({ definition, notificationName: notification.name, eventName, facts: facts.value, raw });
};

/**
 * Reads genuine fields by the family that their event name belongs to.
 *
 * @returns the news, or what could not be understood, as a sentence for an operator
 */
export const interpret = (registry: Registry, raw: JsonRecord, context: ReadContext): Result<News, string> => {
  const { eventName } = raw;
  if (typeof eventName !== 'string') return fail('eventName: is missing or no text');
  const entry = registry.byEventName.get(eventName);
  if (entry === undefined) return fail('eventName: is not one that PayCools documents');
  const reading = readBy({ ...context, entry, eventName, raw });
  if (!reading.ok) return reading;
  const byName = entry.notification.events[eventName] as Status;
  const status = resolveStatus(reading.value.facts.statusWord, byName);
  if (!status.ok) return status;
  if (!entry.notification.statuses.includes(status.value))
    return fail(`status: ${status.value} is none of this product`);
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
  { product, timeZone }: ReadContext & { readonly product: string },
): News | null => {
  const definition = registry.byProduct.get(product);
  for (const notification of definition?.notifications ?? []) {
    const entry = { definition: definition as ProductDefinition, notification };
    const reading = readBy({ entry, eventName: news.eventName, raw: news.raw, timeZone });
    const isSame = reading.ok && reading.value.facts.subject.kind === news.facts.subject.kind;
    if (isSame && notification.statuses.includes(news.status)) return { ...reading.value, status: news.status };
  }
  return null;
};
