/** When a status was reached according to PayCools, and when that was received; milliseconds since 1970. */
export type Moment = {
  readonly completedAt: number | null;
  readonly createdAt: number | null;
  readonly receivedAt: number;
};

const compareTimes = (left: number | null, right: number | null): number =>
  left === null || right === null ? 0 : left - right;

/**
 * Orders two moments by PayCools's own times, and by our clock only if those are missing or equal: the network, the
 * spool and Redis can change the order of arrival.
 *
 * @returns a negative number if `left` is earlier
 */
export const compareMoments = (left: Moment, right: Moment): number =>
  compareTimes(left.completedAt, right.completedAt) ||
  compareTimes(left.createdAt, right.createdAt) ||
  left.receivedAt - right.receivedAt;

/** Whether a moment lies strictly between two others. */
export const isBetween = (moment: Moment, from: Moment, to: Moment): boolean =>
  compareMoments(from, moment) < 0 && compareMoments(moment, to) < 0;

/** Whether PayCools gave both the same times. Then one repeats the other, whenever it was received. */
export const hasSameTimes = (left: Moment, right: Moment): boolean =>
  left.completedAt === right.completedAt && left.createdAt === right.createdAt;

/** The time that the event id of a repeated status contains. */
export const reachedAt = ({ completedAt, createdAt, receivedAt }: Moment): number =>
  completedAt ?? createdAt ?? receivedAt;
