import type { Origin } from '../core/cloud-event.ts';
import { type Flag, isFinal, type Statement, type Status } from '../core/event.ts';
import { compareMoments, hasSameTimes, isBetween, type Moment, reachedAt } from './moment.ts';

/** A status that a subject reached, with what the first statement contained. */
export type Sighting = {
  readonly statement: Statement;
  /** The time in its event's id, where the status had been reached before; null where it is the first of its status. */
  readonly repeatedAt: number | null;
  /** Earliest and latest moment for which it was reported. */
  readonly first: Moment;
  readonly last: Moment;
  readonly origin: Origin;
  /** Whether its event is known to be on its queue. */
  readonly isDelivered: boolean;
};

/** All that is known of a subject. */
export type History = {
  /** The family that the subject was first seen in; null where nothing but contradicted callbacks was seen. */
  readonly product: string | null;
  readonly sightings: readonly Sighting[];
  /** Contents that PayCools contradicted: they must not be believed later. */
  readonly refuted: readonly string[];
};

/** The history of a subject that was seen. */
export type KnownHistory = History & { readonly product: string };

export const emptyHistory: History = { product: null, sightings: [], refuted: [] };

/** What is to be placed in a history. */
export type Reported = Pick<Sighting, 'statement' | 'origin'> & { readonly product: string; readonly moment: Moment };

/** A final status that followed another one. */
type Reversal = { readonly before: Sighting; readonly after: Sighting };

export type Placement = {
  /** The history with what was reported in it. */
  readonly history: History;
  /** Where in it. */
  readonly index: number;
  /** Whether the status was not known to have been reached at this time. */
  readonly isNew: boolean;
  readonly flags: readonly Flag[];
  /** Reversals that nobody knew of before. */
  readonly reversals: readonly Reversal[];
  /** What was recorded of the same fact before; null where it is new. */
  readonly recorded: Statement | null;
};

/** The moments that are known of a sighting. */
const pointsOf = ({ first, last }: Sighting): readonly Moment[] => [first, last];

/** Whether another final status lies between a sighting and a moment outside of it. */
const isApart = (sighting: Sighting, moment: Moment, others: readonly Sighting[]): boolean =>
  others.some((other) =>
    pointsOf(other).some(
      (point) => isBetween(point, sighting.last, moment) || isBetween(point, moment, sighting.first),
    ),
  );

const covers = ({ first, last }: Sighting, moment: Moment): boolean =>
  hasSameTimes(first, moment) || hasSameTimes(last, moment);

/** The sighting that is the same fact, or -1: a repeat of it, or the same status with no other final one in between. */
const findSame = ({ sightings }: History, { statement, moment }: Reported): number => {
  const others = sightings.filter((it) => it.statement.status !== statement.status && isFinal(it.statement.status));
  const isCandidate = (it: Sighting): boolean => it.statement.status === statement.status;
  const repeated = sightings.findIndex((it) => isCandidate(it) && covers(it, moment));
  if (repeated >= 0) return repeated;
  return sightings.findIndex((it) => isCandidate(it) && (!isFinal(statement.status) || !isApart(it, moment, others)));
};

/** The sighting with a moment in it. One that states less than what is known adds nothing. */
const cover = (sighting: Sighting, moment: Moment): Sighting => {
  const { first, last } = sighting;
  if (covers(sighting, moment) || (moment.completedAt === null && last.completedAt !== null)) return sighting;
  if (compareMoments(moment, first) < 0) return { ...sighting, first: moment };
  return compareMoments(last, moment) < 0 ? { ...sighting, last: moment } : sighting;
};

/** The other final statuses before and after a moment, as near to it as is known. */
const neighboursOf = (history: History, { statement, moment }: Reported) => {
  const others = history.sightings
    .filter((it) => isFinal(it.statement.status) && it.statement.status !== statement.status)
    .flatMap((sighting) => pointsOf(sighting).map((point) => ({ sighting, point })))
    .sort((left, right) => compareMoments(left.point, right.point));
  // What was known first is earlier, where nothing tells them apart.
  const before = others.findLast(({ point }) => compareMoments(point, moment) <= 0);
  const after = others.find(({ point }) => compareMoments(point, moment) > 0);
  return { before: before?.sighting ?? null, after: after?.sighting ?? null };
};

/** A pending state beside a final one is stale whatever its time; a final one is stale where another one is later. */
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

/** A fact that is known already: its sighting may cover more time now. */
const placeAgain = (history: History, reported: Reported, index: number): Placement => {
  const same = history.sightings[index] as Sighting;
  const grown = cover(same, reported.moment);
  const { before, after } = neighboursOf(history, reported);
  return {
    history: grown === same ? history : { ...history, sightings: history.sightings.with(index, grown) },
    index,
    isNew: false,
    flags: flagsFor(same.statement.status, before, after),
    reversals: same.isDelivered ? [] : reversalsOf(grown, before, after),
    recorded: same.statement,
  };
};

/**
 * Places what was reported about a subject in what is known of it: the same fact again, or a new one, and in that case
 * whether it arrives late or turns an earlier one around. Pure, so that every order of arrival can be tried in a test.
 *
 * @see PAYCOOLS.md 6, the identity of a callback
 */
export const place = (known: History, reported: Reported): Placement => {
  const history = known.product === null ? { ...known, product: reported.product } : known;
  const same = findSame(history, reported);
  if (same >= 0) return placeAgain(history, reported, same);
  const { statement, origin, moment } = reported;
  const isRepeated = history.sightings.some((it) => it.statement.status === statement.status);
  const sighting: Sighting = {
    statement,
    repeatedAt: isRepeated ? reachedAt(moment) : null,
    first: moment,
    last: moment,
    origin,
    isDelivered: false,
  };
  const { before, after } = neighboursOf(history, reported);
  return {
    history: { ...history, sightings: [...history.sightings, sighting] },
    index: history.sightings.length,
    isNew: true,
    flags: flagsFor(statement.status, before, after),
    reversals: reversalsOf(sighting, before, after),
    recorded: null,
  };
};

/** The sighting of the final status that was reached last; null where none was. */
export const latestFinal = (history: History | null): Sighting | null => {
  let last: Sighting | null = null;
  for (const sighting of history?.sightings ?? []) {
    if (!isFinal(sighting.statement.status)) continue;
    if (last === null || compareMoments(last.last, sighting.last) < 0) last = sighting;
  }
  return last;
};

/** The latest sighting of a status; undefined where it was never seen. */
export const sightingOf = (history: History | null, status: Statement['status']): Sighting | undefined =>
  history?.sightings
    .filter((it) => it.statement.status === status)
    .sort((left, right) => compareMoments(right.last, left.last))[0];

/** The history with a mark that the event of a sighting is on its queue. */
export const markDelivered = (history: History, index: number): History => ({
  ...history,
  sightings: history.sightings.map((it, at) => (at === index ? { ...it, isDelivered: true } : it)),
});

const MAX_REFUTED = 10;

type Verdict = { readonly content: string; readonly isRefuted: boolean };

/** The history with PayCools's verdict about a content: contradicted, or no longer. */
export const markRefuted = (history: History, { content, isRefuted }: Verdict): History => ({
  ...history,
  refuted: [...history.refuted.filter((it) => it !== content), ...(isRefuted ? [content] : [])].slice(-MAX_REFUTED),
});
