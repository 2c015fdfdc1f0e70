import { Cluster } from 'ioredis';
import { type Subject, subjectOfKey } from '../../core/event-id.ts';
import type { JournalMeta } from '../../receive/journal.ts';
import type { RedisClient } from '../connection/connection.ts';
import { ledgerKeys } from '../ledger/ledger-keys.ts';

/** The names under which the ledger may know a refund; none for other entries. */
const namesOf = ({ event }: JournalMeta): readonly Subject[] =>
  event?.product !== 'refund'
    ? []
    : [
        ...(event.transactionId === null ? [] : [{ kind: 'refund', id: event.transactionId }]),
        ...(event.merchantOrderId === null ? [] : [{ kind: 'refund-order', id: event.merchantOrderId }]),
      ];

/** In a cluster the names are in different slots. */
const readNames = async (redis: RedisClient, keys: readonly string[]): Promise<readonly (string | null)[]> => {
  if (keys.length === 0) return [];
  return redis instanceof Cluster ? Promise.all(keys.map((key) => redis.get(key))) : redis.mget([...keys]);
};

/**
 * Reads the ids under which the ledger knows refunds: the id reported first, whichever of its ids an entry has, so that a
 * refund is one payment just as it is one subject. Null for other entries.
 */
export const readRefundIds = async (
  redis: RedisClient,
  prefix: string,
  entries: readonly { readonly meta: JournalMeta }[],
): Promise<readonly (string | null)[]> => {
  const { alias } = ledgerKeys(prefix);
  const aliases = entries.map(({ meta }) => namesOf(meta).map((name) => alias(meta.merchant, name)));
  const names = await readNames(redis, aliases.flat());
  let at = 0;
  return aliases.map(({ length }) => {
    const name = names.slice(at, at + length).find((known) => known !== null);
    at += length;
    return name == null ? null : subjectOfKey(name).id;
  });
};
