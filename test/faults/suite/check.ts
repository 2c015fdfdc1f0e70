import type { Numbering } from './numbered.ts';
import type { Answer } from './poster.ts';
import type { Stored } from './stock.ts';

/** What was sent and answered, and what was stored at the end. */
export type Evidence = {
  readonly numbering: Numbering;
  /** All answers to each number. */
  readonly answers: readonly (readonly Answer[])[];
  readonly forgeries: readonly Answer[];
  readonly stored: readonly Stored[];
};

export type Verdict = {
  /** Numbers that were answered 200 but are stored nowhere. */
  readonly lost: number;
  /** Numbers that are stored more than once. */
  readonly doubled: number;
  /** Numbers that are stored with content other than what was sent. */
  readonly foreign: number;
  /** Forgeries that were not refused. */
  readonly forged: number;
  /** One sentence per violation, the first few of each kind. */
  readonly violations: readonly string[];
};

const SHOWN = 5;
/** 429 is the limit for failed verifications. */
const REFUSALS: readonly Answer[] = [401, 429];
/** Answers that a genuine callback may get. */
const ANSWERS: readonly Answer[] = [200, 503];

const some = (list: readonly string[]): string[] =>
  list.length <= SHOWN ? [...list] : [...list.slice(0, SHOWN), `… and ${list.length - SHOWN} more like this`];

const describePlaces = (places: readonly Stored[]): string => places.map(({ where }) => where).join(', ');

const isForeign = ({ numbering, answers }: Evidence, { where, transaction, amount }: Stored): boolean => {
  const number = numbering.numberOf(transaction);
  if (number === null || answers[number] === undefined) return true;
  return amount !== numbering.amountOf(number) || (where !== 'payout' && where !== 'spool');
};

const byNumber = ({ numbering, stored }: Evidence): Map<number, Stored[]> => {
  const places = new Map<number, Stored[]>();
  for (const item of stored) {
    const number = numbering.numberOf(item.transaction);
    if (number !== null) places.set(number, [...(places.get(number) ?? []), item]);
  }
  return places;
};

const repeatedIds = (stored: readonly Stored[]): string[] => {
  const seen = new Set<string>();
  return stored.flatMap(({ eventId, where }) => {
    if (eventId === null) return [];
    const key = `${where} ${eventId}`;
    if (seen.has(key)) return [`the event ${eventId} is on the queue ${where} more than once`];
    seen.add(key);
    return [];
  });
};

const isRealAnswer = (answer: Answer): boolean => typeof answer === 'number' && !ANSWERS.includes(answer);

/** The receiver may be down when a forgery arrives; any answer to it must be a refusal. */
const isAccepted = (answer: Answer): boolean => typeof answer === 'number' && !REFUSALS.includes(answer);

/** Compares what is stored with what was answered. */
export const check = (evidence: Evidence): Verdict => {
  const { answers, forgeries, stored } = evidence;
  const places = byNumber(evidence);
  const lost: string[] = [];
  const odd: string[] = [];
  for (const [number, given] of answers.entries()) {
    if (given === undefined) continue;
    if (given.includes(200) && !places.has(number)) lost.push(`${number} was answered 200 and is nowhere`);
    odd.push(...given.filter(isRealAnswer).map((answer) => `${number} is genuine and was answered ${answer}`));
  }
  const doubled = [...places]
    .filter(([, found]) => found.length > 1)
    .map(([number, found]) => `${number} is in ${found.length} places: ${describePlaces(found)}`);
  const foreign = stored
    .filter((item) => isForeign(evidence, item))
    .map(({ where, transaction, amount }) => `${transaction} over ${amount} in ${where} was never sent like this`);
  const forged = forgeries.filter(isAccepted).map((answer) => `a forgery was answered ${answer}`);
  const kinds = [lost, doubled, foreign, forged, odd, repeatedIds(stored)];
  return {
    lost: lost.length,
    doubled: doubled.length,
    foreign: foreign.length,
    forged: forged.length,
    violations: kinds.flatMap(some),
  };
};
