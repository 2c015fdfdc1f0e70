/** When a status was reached, in milliseconds since 1970: as PayCools says, and when it was received. */
export type Moment = {
  readonly completedAt: number | null;
  readonly createdAt: number | null;
  readonly receivedAt: number;
};

const compareTimes = (left: number | null, right: number | null): number =>
  left === null || right === null ? 0 : left - right;

/**
 * Orders two moments by PayCools's own times, and by our clock only where those are missing or equal: Redis, the spool and
 * the network may turn the order of arrival around.
 *
 * @returns negative where `left` is earlier
 */
export const compareMoments = (left: Moment, right: Moment): number =>
  compareTimes(left.completedAt, right.completedAt) ||
  compareTimes(left.createdAt, right.createdAt) ||
  left.receivedAt - right.receivedAt;

/** Whether a moment lies between two others. */
export const isBetween = (moment: Moment, from: Moment, to: Moment): boolean =>
  compareMoments(from, moment) < 0 && compareMoments(moment, to) < 0;

/** Whether PayCools gave both the same times, so that one is a repeat of the other whenever it was received. */
export const hasSameTimes = (left: Moment, right: Moment): boolean =>
  left.completedAt === right.completedAt && left.createdAt === right.createdAt;

/** The time in the id of a status that is reached again. */
export const reachedAt = ({ completedAt, createdAt, receivedAt }: Moment): number =>
  completedAt ?? createdAt ?? receivedAt;
