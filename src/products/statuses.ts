import type { Status } from '../core/event.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** Words of PayCools and what they mean; looked up in capitals. */
export type StatusByWord = Readonly<Record<string, Status>>;

/**
 * Status words of payments, payouts and refunds.
 *
 * @see PAYCOOLS.md 4, "Status words" (docs.paycools.com.ph, page "API General Code")
 */
export const paymentStatusByWord: StatusByWord = {
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

type StatusClues = {
  /** The status word as received. */
  readonly word: string | null;
  /** What the event name says. */
  readonly byName: Status;
  readonly statusByWord: StatusByWord;
};

/**
 * Which status a callback reports. The word in the body comes before the event name; but a success is believed only
 * where the event name does not contradict it.
 *
 * @returns the status, or a sentence that says why there is none
 */
export const resolveStatus = ({ word, byName, statusByWord }: StatusClues): Result<Status, string> => {
  const byWord = word === null ? undefined : statusByWord[word.toUpperCase()];
  const contradicts = byWord === 'succeeded' && byName !== 'succeeded';
  if (contradicts) return fail(`the status word says ${byWord} but the event name says ${byName}`);
  return ok(byWord ?? byName);
};

/** What a status word of PayCools means for payments, payouts and refunds; null for a word that is not known. */
export const readStatusWord = (word: string): Status | null => paymentStatusByWord[word.toUpperCase()] ?? null;
