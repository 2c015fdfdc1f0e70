import type { Status } from '../core/event.ts';
import { fail, ok, type Result } from '../core/result.ts';

/** Words of PayCools and what they mean; in capitals. */
type StatusByWord = ReadonlyMap<string, Status>;

/**
 * Status words of payments, payouts and refunds.
 *
 * @see PAYCOOLS.md 4, "Status words" (docs.paycools.com.ph, page "API General Code")
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
  /** Which of the two decides where both are known. */
  readonly decidedBy: 'word' | 'name';
  /** The status of an unknown word and of an unknown event name; null where such a callback is unrecognized. */
  readonly otherwise: Status | null;
};

/** Payments, payouts and refunds: the word in the body comes before the event name. */
export const paymentStatusRules: StatusRules = {
  statusByWord: paymentStatusByWord,
  decidedBy: 'word',
  otherwise: null,
};

const SUCCESSES: ReadonlySet<Status> = new Set(['succeeded', 'activated', 'approved']);

type StatusClues = {
  /** The status word as received; null where it is missing or empty. */
  readonly word: string | null;
  /** What the event name means; null where it means nothing, or there is none. */
  readonly byName: Status | null;
  readonly rules: StatusRules;
};

/** Letters of ASCII only: `ſ`, say, is an S in capitals. */
const statusOfWord = ({ statusByWord, otherwise }: StatusRules, word: string): Status | null =>
  (/^[A-Za-z]+$/.test(word) ? statusByWord.get(word.toUpperCase()) : undefined) ?? otherwise;

/**
 * Decides the status that PayCools reports, for callbacks, envelopes, replies of the API and account statements alike. A
 * word that nobody knows is never a success, and a success is believed only where nothing contradicts it.
 *
 * @returns the status, or a sentence that says why there is none
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

/** What a status word of the API means for payments, payouts and refunds; null where it is missing or not known. */
export const readStatusWord = (word: string): Status | null => {
  const status = resolveStatus({ word: word === '' ? null : word, byName: null, rules: paymentStatusRules });
  return status.ok ? status.value : null;
};
