import type { Origin } from '../core/cloud-event.ts';
import { type Flag, isFinal, type Statement, type Status } from '../core/event.ts';
import { compareMoments, hasSameTimes, isBetween, type Moment, reachedAt } from './moment.ts';

/** A status that a subject reached, with the first statement about it. */
export type Sighting = {
  readonly statement: Statement;
  /** If the status had been reached before, the time that distinguishes its event's id; null for the first one. */
  readonly repeatedAt: number | null;
  /** The earliest moment for which it was reported. */
  readonly first: Moment;
  /** The latest moment for which it was reported. */
  readonly last: Moment;
  readonly origin: Origin;
  /** Whether its event is known to be on its queue. */
  readonly isDelivered: boolean;
};

/** Everything that is known about a subject. */
export type History = {
  /** The family that the subject was first seen as; null if only refuted callbacks were received. */
  readonly product: string | null;
  readonly sightings: readonly Sighting[];
  /** Contents that PayCools contradicted: they must not be believed later. */
  readonly refuted: readonly string[];
};

/** The history of a subject that has been seen. */
export type KnownHistory = History & { readonly product: string };

export const emptyHistory: History = { product: null, sightings: [], refuted: [] };

/** A reported status, to be placed in a history. */
export type Observation = Pick<Sighting, 'statement' | 'origin'> & {
  readonly product: string;
  readonly moment: Moment;
};

/** A final status that followed another one. */
type Reversal = { readonly before: Sighting; readonly after: Sighting };

export type Placement = {
  /** The history, including the observation. */
  readonly history: History;
  /** The sighting that the observation belongs to. */
  readonly sighting: Sighting;
  /** Index of that sighting in the history. */
  readonly index: number;
  /** Whether the status was not known to have been reached at this time. */
  readonly isNew: boolean;
  readonly flags: readonly Flag[];
  /** Reversals that have not been reported yet. */
  readonly reversals: readonly Reversal[];
  /** The earlier statement about the same fact; null if the fact is new. */
  readonly recorded: Statement | null;
};

const momentsOf = ({ first, last }: Sighting): readonly Moment[] => [first, last];

/** Whether another final status lies between a sighting and a moment outside it. */
const isApart = (sighting: Sighting, moment: Moment, others: readonly Sighting[]): boolean =>
  others.some((other) =>
    momentsOf(other).some((it) => isBetween(it, sighting.last, moment) || isBetween(it, moment, sighting.first)),
  );

const covers = ({ first, last }: Sighting, moment: Moment): boolean =>
  hasSameTimes(first, moment) || hasSameTimes(last, moment);

/** Index of the sighting of the same fact (same times, or no other final status in between); -1 if there is none. */
const findSame = ({ sightings }: History, { statement, moment }: Observation): number => {
  const others = sightings.filter((it) => it.statement.status !== statement.status && isFinal(it.statement.status));
  const isCandidate = (it: Sighting): boolean => it.statement.status === statement.status;
  const repeated = sightings.findIndex((it) => isCandidate(it) && covers(it, moment));
  if (repeated >= 0) return repeated;
  return sightings.findIndex((it) => isCandidate(it) && (!isFinal(statement.status) || !isApart(it, moment, others)));
};

/** Extends a sighting to a moment. A moment without a completion time adds nothing to one that has it. */
const extend = (sighting: Sighting, moment: Moment): Sighting => {
  const { first, last } = sighting;
  if (covers(sighting, moment) || (moment.completedAt === null && last.completedAt !== null)) return sighting;
  if (compareMoments(moment, first) < 0) return { ...sighting, first: moment };
  return compareMoments(last, moment) < 0 ? { ...sighting, last: moment } : sighting;
};

/** The nearest other final statuses before and after a moment. */
const neighboursOf = (history: History, { statement, moment }: Observation) => {
  const others = history.sightings
    .filter((it) => isFinal(it.statement.status) && it.statement.status !== statement.status)
    .flatMap((sighting) => momentsOf(sighting).map((it) => ({ sighting, moment: it })))
    .sort((left, right) => compareMoments(left.moment, right.moment));
  // If the moments are equal, the status that was known first is the earlier one.
  const before = others.findLast((it) => compareMoments(it.moment, moment) <= 0);
  const after = others.find((it) => compareMoments(it.moment, moment) > 0);
  return { before: before?.sighting ?? null, after: after?.sighting ?? null };
};

/** A status that is not final is stale if a final one is known, whatever its time; a final one if another one is later. */
const flagsFor = (status: Status, before: Sighting | null, after: Sighting | null): readonly Flag[] => {
  if (before === null && after === null) return [];
  return isFinal(status) && after === null ? ['reversal'] : ['stale'];
};

const reversalsOf = (sighting: Sighting, before: Sighting | null, after: Sighting | null): readonly Reversal[] =>
  isFinal(sighting.statement.status)
    ? [
        ...(before === null ? [] : [{ before, after: sighting }]),
        ...(after === null ? [] : [{ before: sighting, after }]),
      ]
    : [];

/** Places a fact that is known already: its sighting may have to be extended. */
const placeAgain = (history: History, observation: Observation, index: number): Placement => {
  const known = history.sightings[index] as Sighting;
  const sighting = extend(known, observation.moment);
  const { before, after } = neighboursOf(history, observation);
  return {
    history: sighting === known ? history : { ...history, sightings: history.sightings.with(index, sighting) },
    sighting,
    index,
    isNew: false,
    flags: flagsFor(known.statement.status, before, after),
    reversals: known.isDelivered ? [] : reversalsOf(sighting, before, after),
    recorded: known.statement,
  };
};

/**
 * Places an observation in the history of its subject. It is the same fact again, or a new one, which may arrive late
 * or reverse an earlier one. Pure, so that a test can try every order of arrival.
 *
 * @see docs/paycools.md 6, the identity of a callback
 */
export const place = (known: History, observation: Observation): Placement => {
  const history = known.product === null ? { ...known, product: observation.product } : known;
  const same = findSame(history, observation);
  if (same >= 0) return placeAgain(history, observation, same);
  const { statement, origin, moment } = observation;
  const isRepeated = history.sightings.some((it) => it.statement.status === statement.status);
  const sighting: Sighting = {
    statement,
    repeatedAt: isRepeated ? reachedAt(moment) : null,
    first: moment,
    last: moment,
    origin,
    isDelivered: false,
  };
  const { before, after } = neighboursOf(history, observation);
  return {
    history: { ...history, sightings: [...history.sightings, sighting] },
    sighting,
    index: history.sightings.length,
    isNew: true,
    flags: flagsFor(statement.status, before, after),
    reversals: reversalsOf(sighting, before, after),
    recorded: null,
  };
};

/** The sighting of the final status that was reached last; null if there is none. */
export const latestFinal = (history: History | null): Sighting | null => {
  let last: Sighting | null = null;
  for (const sighting of history?.sightings ?? []) {
    if (!isFinal(sighting.statement.status)) continue;
    if (last === null || compareMoments(last.last, sighting.last) < 0) last = sighting;
  }
  return last;
};

/** The latest sighting of a status; undefined if there is none. */
export const sightingOf = (history: History | null, status: Statement['status']): Sighting | undefined =>
  history?.sightings
    .filter((it) => it.statement.status === status)
    .sort((left, right) => compareMoments(right.last, left.last))[0];

/** The history, with a mark that the event of a sighting is on its queue. */
export const markDelivered = (history: History, index: number): History => ({
  ...history,
  sightings: history.sightings.map((it, at) => (at === index ? { ...it, isDelivered: true } : it)),
});

const MAX_REFUTED = 10;

type Verdict = { readonly content: string; readonly isRefuted: boolean };

/** The history, with a content marked as contradicted by PayCools, or no longer so. */
export const markRefuted = (history: History, { content, isRefuted }: Verdict): History => ({
  ...history,
  refuted: [...history.refuted.filter((it) => it !== content), ...(isRefuted ? [content] : [])].slice(-MAX_REFUTED),
});
