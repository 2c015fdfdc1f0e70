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

/** Payments whose entries one search looks at. */
const MAX_PAYMENTS = 200;

/** The index is written a moment after the journal: this many of the newest entries are checked one by one. */
const NOT_YET_INDEXED = 200;

const newestFirst = (a: JournalEntry, b: JournalEntry): number => b.receivedAt - a.receivedAt || (a.id < b.id ? 1 : -1);

/**
 * The journal, searched by the index where an id is given: a search takes as long in a million entries as in a thousand.
 * Callbacks that are not genuine are few (the journal bounds them) and are searched by what their bodies claim.
 */
export const searchableJournal = (journal: JournalReader, index: PaymentIndex): JournalReader => {
  const findGenuine = async (id: string): Promise<readonly JournalEntry[]> => {
    const [hits, ofRequests, latest] = await Promise.all([
      index.find(id, MAX_PAYMENTS),
      index.entriesOfRequest(id),
      journal.list({ id, isGenuine: true, depth: NOT_YET_INDEXED, limit: NOT_YET_INDEXED }),
    ]);
    const milestones = await Promise.all(hits.map(({ key }) => index.milestones(key)));
    const ids = new Set([id, ...ofRequests, ...milestones.flat().map(({ entryId }) => entryId)]);
    return [...(await journal.get([...ids])), ...latest.entries];
  };

  const search = async (query: JournalQuery, id: string): Promise<JournalPage> => {
    const [genuine, suspects] = await Promise.all([
      query.isGenuine === false ? [] : findGenuine(id),
      query.isGenuine === true
        ? []
        : journal.list({ ...query, isGenuine: false, cursor: null }).then(({ entries }) => entries),
    ]);
    const { id: _, ...others } = query; // a payment's entries belong to it, whichever of its ids each of them names
    const byId = new Map([...genuine, ...suspects].map((entry) => [entry.id, entry]));
    const entries = [...byId.values()].filter((entry) => matchesQuery(entry, others)).toSorted(newestFirst);
    return { entries: entries.slice(0, query.limit), next: null };
  };

  return {
    list: (query) => (query.id === undefined ? journal.list(query) : search(query, query.id)),
    find: async (id) => {
      const { entries } = await search({ limit: MAX_PAYMENTS }, id);
      const whole = entries.filter((entry) => hasWholeId(entry, id)); // an action must never meet another payment
      return (
        whole.find((entry) => isGenuine(entry) && isDelivering(entry)) ?? whole.find(isGenuine) ?? whole[0] ?? null
      );
    },
    get: (entryIds) => journal.get(entryIds),
    oldest: () => journal.oldest(),
    follow: (signal) => journal.follow(signal),
  };
};
