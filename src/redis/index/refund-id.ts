import { Cluster } from 'ioredis';
import { type Subject, subjectOfKey } from '../../core/event-id.ts';
import type { JournalMeta } from '../../receive/journal.ts';
import type { RedisClient } from '../connection/connection.ts';
import { ledgerKeys } from '../ledger/ledger-keys.ts';

/** The names that a refund may be known by; none for everything else. */
const namesOf = ({ event }: JournalMeta): readonly Subject[] =>
  event?.product !== 'refund'
    ? []
    : [
        ...(event.transactionId === null ? [] : [{ kind: 'refund', id: event.transactionId }]),
        ...(event.merchantOrderId === null ? [] : [{ kind: 'refund-order', id: event.merchantOrderId }]),
      ];

/** In a cluster each name is in a slot of its own. */
const readNames = async (redis: RedisClient, keys: readonly string[]): Promise<readonly (string | null)[]> => {
  if (keys.length === 0) return [];
  return redis instanceof Cluster ? Promise.all(keys.map((key) => redis.get(key))) : redis.mget([...keys]);
};

/**
 * The ids that the ledger knows refunds by: the ones that were reported first, whichever of its ids an entry has, so
 * that a refund is one payment as it is one subject. Null for everything else.
 */
export const refundIdsOf = async (
  redis: RedisClient,
  prefix: string,
  entries: readonly { readonly meta: JournalMeta }[],
): Promise<readonly (string | null)[]> => {
  const keysOf = ledgerKeys(prefix);
  const keys = entries.map(({ meta }) => namesOf(meta).map((name) => keysOf.alias(meta.merchant, name)));
  const found = await readNames(redis, keys.flat());
  let at = 0;
  return keys.map((own) => {
    const name = found.slice(at, at + own.length).find((it) => it !== null);
    at += own.length;
    return name == null ? null : subjectOfKey(name).id;
  });
};
