import type { JournalEntry } from '../receive/journal.ts';

/** The repeats of a callback as members of a row; times are ISO 8601. */
export const repeatsOf = ({ repeats }: Pick<JournalEntry, 'repeats'>) =>
  repeats === undefined
    ? { repeats: 0, lastReceivedAt: null }
    : { repeats: repeats.count, lastReceivedAt: new Date(repeats.lastReceivedAt).toISOString() };

/** The repeats of a callback as a phrase; empty if there are none. @param timeOf formats a time */
export const repeatsText = ({ repeats }: Pick<JournalEntry, 'repeats'>, timeOf: (at: number) => string): string =>
  repeats === undefined
    ? ''
    : `received ${repeats.count} more ${repeats.count === 1 ? 'time' : 'times'}, last at ${timeOf(repeats.lastReceivedAt)}`;
