import { type Subject, subjectOfKey } from '../../core/event-id.ts';
import type { JournalEntry } from '../../receive/journal.ts';
import type { RedisClient } from '../connection/connection.ts';
import { ledgerKeys } from '../ledger/ledger-keys.ts';

/**
 * The id that the ledger knows a refund by: the one that was reported first, whichever of its ids this entry has, so
 * that a refund is one payment as it is one subject. Null for everything else.
 */
export const refundIdOf = async (
  redis: RedisClient,
  prefix: string,
  entry: Pick<JournalEntry, 'event' | 'merchant'>,
): Promise<string | null> => {
  const { event, merchant } = entry;
  if (event?.product !== 'refund') return null;
  const names: readonly Subject[] = [
    ...(event.transactionId === null ? [] : [{ kind: 'refund', id: event.transactionId }]),
    ...(event.merchantOrderId === null ? [] : [{ kind: 'refund-order', id: event.merchantOrderId }]),
  ];
  const keys = ledgerKeys(prefix);
  const known = await Promise.all(names.map((name) => redis.get(keys.alias(merchant, name))));
  const name = known.find((it) => it !== null);
  return name == null ? null : subjectOfKey(name).id;
};
