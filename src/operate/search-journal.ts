import {
  isGenuine,
  type JournalEntry,
  type JournalPage,
  type JournalQuery,
  type JournalReader,
} from '../receive/journal.ts';
import { hasWholeId, matchesQuery } from './matches-query.ts';
import { isDelivering } from './milestones.ts';
import type { PaymentIndex } from './ports.ts';

/** Maximum number of payments whose entries one search reads. */
const MAX_PAYMENTS = 200;

/** Number of newest entries checked one by one, because the index lags slightly behind the journal. */
const NOT_YET_INDEXED = 200;

const newestFirst = (a: JournalEntry, b: JournalEntry): number => b.receivedAt - a.receivedAt || (a.id < b.id ? 1 : -1);

/**
 * A journal that uses the index to search by id, which takes as long in a million entries as in a thousand. Callbacks
 * that are not genuine are few (the journal bounds them) and are searched by the ids that their bodies claim.
 */
export const searchableJournal = (journal: JournalReader, index: PaymentIndex): JournalReader => {
  const findGenuine = async (id: string): Promise<readonly JournalEntry[]> => {
    const [hits, requestEntryIds, latest] = await Promise.all([
      index.find(id, MAX_PAYMENTS),
      index.entriesOfRequest(id),
      journal.list({ id, isGenuine: true, depth: NOT_YET_INDEXED, limit: NOT_YET_INDEXED }),
    ]);
    const milestones = await Promise.all(hits.map(({ key }) => index.milestones(key)));
    const ids = new Set([id, ...requestEntryIds, ...milestones.flat().map(({ entryId }) => entryId)]);
    return [...(await journal.get([...ids])), ...latest.entries];
  };

  const search = async (query: JournalQuery, id: string): Promise<JournalPage> => {
    const [genuine, suspects] = await Promise.all([
      query.isGenuine === false ? [] : findGenuine(id),
      query.isGenuine === true
        ? []
        : journal.list({ ...query, isGenuine: false, cursor: null }).then(({ entries }) => entries),
    ]);
    const { id: _, ...others } = query; // all entries of a payment match, whichever of its ids they contain
    const byId = new Map([...genuine, ...suspects].map((entry) => [entry.id, entry]));
    const entries = [...byId.values()].filter((entry) => matchesQuery(entry, others)).toSorted(newestFirst);
    return { entries: entries.slice(0, query.limit), next: null };
  };

  return {
    list: (query) => (query.id === undefined ? journal.list(query) : search(query, query.id)),
    find: async (id) => {
      const { entries } = await search({ limit: MAX_PAYMENTS }, id);
      const exact = entries.filter((entry) => hasWholeId(entry, id)); // an action must never affect another payment
      return (
        exact.find((entry) => isGenuine(entry) && isDelivering(entry)) ?? exact.find(isGenuine) ?? exact[0] ?? null
      );
    },
    get: (entryIds) => journal.get(entryIds),
    oldest: () => journal.oldest(),
    follow: (signal) => journal.follow(signal),
  };
};
