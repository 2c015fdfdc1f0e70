import type { Status } from '../core/event.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** PayCools's status words, in upper case, and their meaning. */
type StatusByWord = ReadonlyMap<string, Status>;

/**
 * Status words of payments, payouts and refunds.
 *
 * @see docs/paycools.md 4, "Status words" (docs.paycools.com.ph, page "API General Code")
 */
const paymentStatusByWord: StatusByWord = new Map<string, Status>([
  ['COMPLETE', 'succeeded'],
  ['COMPLETED', 'succeeded'],
  ['SUCCESS', 'succeeded'],
  ['FAILED', 'failed'],
  ['FAIL', 'failed'],
  ['PENDING', 'pending'],
  ['CLOSED', 'closed'],
  ['CANCEL', 'cancelled'],
  ['CANCELED', 'cancelled'],
  ['CANCELLED', 'cancelled'],
]);

/** How one kind of notification states its status. */
export type StatusRules = {
  readonly statusByWord: StatusByWord;
  /** Which one takes precedence: the status word or the event name. */
  readonly decidedBy: 'word' | 'name';
  /** The status if the word or the event name is unknown; null if that makes a callback unrecognized. */
  readonly otherwise: Status | null;
};

/** Payments, payouts and refunds: the word in the body takes precedence over the event name. */
export const paymentStatusRules: StatusRules = {
  statusByWord: paymentStatusByWord,
  decidedBy: 'word',
  otherwise: null,
};

const SUCCESSES: ReadonlySet<Status> = new Set(['succeeded', 'activated', 'approved']);

type StatusClues = {
  /** The status word as received; null if it is missing or empty. */
  readonly word: string | null;
  /** The status that the event name implies; null if there is none. */
  readonly byName: Status | null;
  readonly rules: StatusRules;
};

/** Accepts only ASCII letters, because `toUpperCase` turns some others, such as `ſ`, into ASCII. */
const statusOfWord = ({ statusByWord, otherwise }: StatusRules, word: string): Status | null =>
  (/^[A-Za-z]+$/.test(word) ? statusByWord.get(word.toUpperCase()) : undefined) ?? otherwise;

/**
 * Decides the status for callbacks, envelopes, API replies and account statements alike. An unknown word is never a
 * success, and neither is a success that the other clue contradicts.
 *
 * @returns the status, or a sentence that explains why there is none
 */
export const resolveStatus = ({ word, byName, rules }: StatusClues): Result<Status, string> => {
  const byWord = word === null ? null : statusOfWord(rules, word);
  if (word !== null && byWord === null) return fail('status: the word is not one that PayCools documents');
  const decided = (rules.decidedBy === 'name' ? (byName ?? byWord) : (byWord ?? byName)) ?? rules.otherwise;
  if (decided === null) return fail('status: is missing, and the event name does not state it');
  const isContradicted = [byWord, byName].some((clue) => clue !== null && clue !== decided);
  return SUCCESSES.has(decided) && isContradicted
    ? fail(`the status word says ${byWord} but the event name says ${byName}`)
    : ok(decided);
};

/** The status that a word of the API means for payments, payouts and refunds; null if it is missing or unknown. */
export const readStatusWord = (word: string): Status | null => {
  const status = resolveStatus({ word: word === '' ? null : word, byName: null, rules: paymentStatusRules });
  return status.ok ? status.value : null;
};
