import type { Status } from '../core/event.ts';
import { fail, ok, type Result } from '../core/result.ts';

/**
 * Status words of PayCools, in any case.
 *
 * @see PAYCOOLS.md 4, "Status words" (docs.paycools.com.ph, page "API General Code")
 */
const WORDS: Readonly<Record<string, Status>> = {
  COMPLETE: 'succeeded',
  COMPLETED: 'succeeded',
  SUCCESS: 'succeeded',
  FAILED: 'failed',
  FAIL: 'failed',
  PENDING: 'pending',
  CLOSED: 'closed',
  CANCEL: 'cancelled',
  CANCELED: 'cancelled',
  CANCELLED: 'cancelled',
};

/** The status that a word of PayCools means, or null for a word that is not in its tables. */
const statusOfWord = (word: string): Status | null => WORDS[word.toUpperCase()] ?? null;

/**
 * Which status a callback reports. The word in the body comes before the event name; but a success is believed only
 * where the event name does not contradict it.
 *
 * @returns the status, or a sentence that says why there is none
 */
export const resolveStatus = (word: string | null, byName: Status): Result<Status, string> => {
  const byWord = word === null ? null : statusOfWord(word);
  const contradicts = byWord === 'succeeded' && byName !== 'succeeded';
  if (contradicts) return fail(`the status word says ${byWord} but the event name says ${byName}`);
  return ok(byWord ?? byName);
};
