import type { AnyHandledEvent } from '../consumer/handlers.ts';
import type { RedisClient } from '../redis/connection/connection.ts';

export type TurnsOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Keeps the events of one payment in the order in which they were received. */
export type Turns = {
  /** Queues the event. True if every earlier event of its payment was delivered or given up. */
  readonly take: (event: AnyHandledEvent) => Promise<boolean>;
  /** Removes the event once it was delivered or given up, so that it is the next one's turn. */
  readonly leave: (event: AnyHandledEvent) => Promise<void>;
};

/** An event not tried for this long counts as gone. Longer than the longest delay between two attempts. */
const GONE_MS = 4 * 3600 * 1000;
/** The queue of a payment expires this long after its last attempt, in seconds. */
const KEEP_S = 24 * 3600;

type Place = { readonly id: string; readonly receivedAt: string; readonly triedAt: number };

const readPlace = (id: string, text: string): Place => {
  const [receivedAt = '', triedAt = '0'] = text.split(' ');
  return { id, receivedAt, triedAt: Number(triedAt) };
};

const isEarlier = (left: Place, right: Place): boolean =>
  left.receivedAt === right.receivedAt ? left.id < right.id : left.receivedAt < right.receivedAt;

/** Creates turns that every forwarder under the prefix shares. */
export const createTurns = ({ redis, prefix, now }: TurnsOptions): Turns => {
  const keyOf = ({ source, subject }: AnyHandledEvent): string => `${prefix}:forward:${source}:${subject}`;
  return {
    take: async (event) => {
      const key = keyOf(event);
      const current = { id: event.id, receivedAt: event.receivedat, triedAt: now() };
      await redis.hset(key, event.id, `${current.receivedAt} ${current.triedAt}`);
      await redis.expire(key, KEEP_S);
      const places = Object.entries(await redis.hgetall(key)).map(([id, text]) => readPlace(id, text));
      return !places.some((place) => isEarlier(place, current) && now() - place.triedAt < GONE_MS);
    },
    leave: async (event) => {
      await redis.hdel(keyOf(event), event.id);
    },
  };
};
