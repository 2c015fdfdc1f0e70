import type { JournalEntry } from '../receive/journal.ts';

type Repeated = Pick<JournalEntry, 'repeats'>;

/** What came again and changed nothing, as a row or a record shows it; times as ISO 8601. */
export const repeatsOf = ({ repeats }: Repeated) =>
  repeats === undefined
    ? { repeats: 0, lastReceivedAt: null }
    : { repeats: repeats.count, lastReceivedAt: new Date(repeats.lastReceivedAt).toISOString() };

/** The same as a phrase; empty where nothing came again. @param timeOf writes a time */
export const repeatsText = ({ repeats }: Repeated, timeOf: (at: number) => string): string =>
  repeats === undefined
    ? ''
    : `received ${repeats.count} more ${repeats.count === 1 ? 'time' : 'times'}, last at ${timeOf(repeats.lastReceivedAt)}`;
