import { hash } from 'node:crypto';
import { isGenuine, type NewJournalEntry } from '../../receive/journal.ts';

/** An entry that waits to be written, and how often it has been received meanwhile. */
export type WaitingEntry = {
  readonly note: NewJournalEntry;
  /** Of what its repeats have in common; empty where nothing is a repeat of it. */
  readonly digest: string;
  count: number;
};

const digestOf = ({ identity, body, meta: { merchant } }: NewJournalEntry): string =>
  hash('sha1', `${merchant}\n${identity ?? Buffer.from(body).toString('latin1')}`, 'base64url');

export const waitingEntry = (note: NewJournalEntry): WaitingEntry => {
  const isUnique = note.identity === undefined && isGenuine(note.meta);
  return { note, digest: isUnique ? '' : digestOf(note), count: 1 };
};

/** Whether an entry only repeats an earlier one with its digest: a duplicate repeats whatever it was, all else its like. */
export const repeats = (note: NewJournalEntry, earlier: NewJournalEntry): boolean =>
  note.meta.outcome === 'duplicate' || note.meta.outcome === earlier.meta.outcome;

/** What an entry takes in memory, about: its body and as much again as an ordinary one has. */
export const sizeOf = ({ body }: NewJournalEntry): number => 1024 + body.length;
