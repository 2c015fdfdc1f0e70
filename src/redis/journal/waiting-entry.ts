import { hash } from 'node:crypto';
import { isGenuine, type JournalNote } from '../../receive/journal.ts';

/** An entry that waits to be written, and how often it has been received meanwhile. */
export type WaitingEntry = {
  readonly note: JournalNote;
  /** `outcome:digest`; empty where nothing is a repeat of it. */
  readonly key: string;
  /** The key of the entry that it may repeat: a duplicate repeats whatever came first, everything else its like. */
  readonly repeatOf: string;
  count: number;
};

const digestOf = ({ identity, merchant, body }: JournalNote): string =>
  hash('sha1', `${merchant}\n${identity ?? Buffer.from(body ?? []).toString('latin1')}`);

/** Leads to the newest entry with the same digest, whatever its outcome. */
export const anyKey = (key: string): string => `*${key.slice(key.indexOf(':'))}`;

export const waitingEntry = (note: JournalNote): WaitingEntry => {
  if (isGenuine(note) && note.identity === undefined) return { note, key: '', repeatOf: '', count: 1 };
  const digest = digestOf(note);
  const key = `${note.outcome}:${digest}`;
  return { note, key, repeatOf: note.outcome === 'duplicate' ? anyKey(key) : key, count: 1 };
};

/** What an entry takes in memory, about: its body and as much again as an ordinary one has. */
export const sizeOf = ({ body }: JournalNote): number => 1024 + (body?.length ?? 0);
