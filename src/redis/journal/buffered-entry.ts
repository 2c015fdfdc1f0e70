import { hash } from 'node:crypto';
import { isGenuine, type NewJournalEntry } from '../../receive/journal.ts';

/** An entry that is not written yet, and how many times it has been received since. */
export type BufferedEntry = {
  readonly entry: NewJournalEntry;
  /** The same for all of its repeats; empty when nothing can repeat it. */
  readonly digest: string;
  count: number;
};

const digestOf = ({ identity, body, meta: { merchant } }: NewJournalEntry): string =>
  hash('sha1', `${merchant}\n${identity ?? Buffer.from(body).toString('latin1')}`, 'base64url');

export const bufferedEntry = (entry: NewJournalEntry): BufferedEntry => {
  const isUnique = entry.identity === undefined && isGenuine(entry.meta);
  return { entry, digest: isUnique ? '' : digestOf(entry), count: 1 };
};

/** Whether an entry only repeats an earlier one with its digest. A duplicate repeats any outcome, others only their own. */
export const repeats = (entry: NewJournalEntry, earlier: NewJournalEntry): boolean =>
  entry.meta.outcome === 'duplicate' || entry.meta.outcome === earlier.meta.outcome;

/** The approximate memory of an entry, in bytes: its body, and a kilobyte for the rest. */
export const sizeOf = ({ body }: NewJournalEntry): number => 1024 + body.length;
