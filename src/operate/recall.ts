import type { AnyEvent } from '../core/event.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { buildEvent } from '../products/event.ts';
import { interpret, reinterpret } from '../products/interpret.ts';
import type { Registry } from '../products/registry.ts';
import { isGenuine, type JournalEntry } from '../receive/journal.ts';
import type { Merchants } from '../receive/ports.ts';
import type { Genuine } from '../receive/store.ts';
import { buildUnrecognized } from '../receive/unrecognized.ts';
import { recallProof } from '../verify/verify.ts';

/**
 * The callback of a journal entry, as it was when it was proved.
 *
 * @returns what stands against it, as a sentence for an operator
 */
export const recall = (merchants: Merchants, entry: JournalEntry): Result<Genuine, string> => {
  if (!isGenuine(entry)) return fail(`was ${entry.outcome}: nothing proves that PayCools sent it`);
  if (entry.body === null) return fail('its body is encrypted with another JOURNAL_KEY than the present one');
  const merchant = merchants.find(entry.merchant);
  if (merchant === undefined) return fail(`its merchant ${entry.merchant} is not configured`);
  const proof = recallProof(entry.body);
  if (!proof.ok) return fail('its body cannot be read');
  const { receivedAt, body } = entry;
  const callback = { merchant: entry.merchant, product: entry.address, receivedAt, body };
  return ok({ callback, merchant, proof: proof.value });
};

/** Whether PayCools asked something, instead of telling news. */
export const isQuestion = ({ event }: JournalEntry): boolean =>
  event?.type.startsWith('com.paycools.payment-verification.') === true;

/** The event of a callback, made again as it was; null where it asked a question. */
export const rebuildEvent = (registry: Registry, genuine: Genuine, entry: JournalEntry): AnyEvent | null => {
  const { callback, merchant, proof } = genuine;
  const { timeZone } = merchant;
  if (entry.event === null || isQuestion(entry)) return null;
  const news = interpret(registry, proof, { product: callback.product, timeZone });
  if (!news.ok) return buildUnrecognized(callback, { proof, reason: news.error });
  const product = entry.event.product ?? news.value.definition.product;
  const isPinned = product === news.value.definition.product;
  const told = isPinned ? news.value : (reinterpret(registry, news.value, { product, timeZone }) ?? news.value);
  const { receivedAt } = callback;
  return buildEvent(told, { merchant: merchant.name, origin: 'callback', receivedAt, flags: entry.event.flags });
};
