import type { AnyEvent } from '../core/event.ts';
import { PAYMENT_VERIFICATION_TYPE } from '../core/payment-verification.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Registry } from '../products/registry.ts';
import { isGenuine, type JournalEntry } from '../receive/journal.ts';
import type { Merchants } from '../receive/ports.ts';
import { eventOf, type Genuine, pinTo, understand } from '../receive/understand.ts';
import { buildUnrecognized } from '../receive/unrecognized.ts';
import { trustStoredBody } from '../verify/verify.ts';

/**
 * The genuine callback of a journal entry, as it was when it was verified.
 *
 * @returns the callback; otherwise why it cannot be restored, as a sentence for an operator
 */
export const genuineFromJournal = (merchants: Merchants, entry: JournalEntry): Result<Genuine, string> => {
  if (!isGenuine(entry)) return fail(`was ${entry.outcome}: nothing proves that PayCools sent it`);
  if (entry.origin !== 'callback') return fail('was emitted by a reconciliation: no callback was posted');
  if (entry.body === null) return fail('its body was encrypted with a different JOURNAL_KEY');
  const merchant = merchants.find(entry.merchant);
  if (merchant === undefined) return fail(`its merchant ${entry.merchant} is not configured`);
  const proof = trustStoredBody(entry.body);
  if (!proof.ok) return fail('its body cannot be read');
  const { receivedAt, body } = entry;
  const callback = { merchant: entry.merchant, product: entry.address, receivedAt, body };
  return ok({ callback, merchant, proof: proof.value });
};

/** Whether the callback was a payment verification, which is answered immediately and produces no payment event. */
export const isPaymentVerification = ({ event }: JournalEntry): boolean => event?.type === PAYMENT_VERIFICATION_TYPE;

/** The event of a callback, rebuilt as it was; null for a payment verification. */
export const rebuildEvent = (registry: Registry, genuine: Genuine, entry: JournalEntry): AnyEvent | null => {
  if (entry.event === null || isPaymentVerification(entry)) return null;
  const delivery = understand(registry, genuine);
  if (!delivery.ok) return buildUnrecognized(genuine.callback, { ...genuine.proof, reason: delivery.error });
  const product = entry.event.product ?? delivery.value.interpreted.definition.product;
  const pinned = pinTo(registry, delivery.value, product) ?? delivery.value;
  return eventOf({ ...pinned, flags: entry.event.flags });
};
