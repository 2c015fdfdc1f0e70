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
  /** Queues the event up; true when every earlier event of its payment has been delivered or given up. */
  readonly take: (event: AnyHandledEvent) => Promise<boolean>;
  /** Lets the next event go: this one was delivered, or given up. */
  readonly leave: (event: AnyHandledEvent) => Promise<void>;
};

/** An event that was not tried for this long is gone: longer than the longest wait between two attempts. */
const GONE_MS = 4 * 3600 * 1000;
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
      const own = { id: event.id, receivedAt: event.receivedat, triedAt: now() };
      await redis.hset(key, event.id, `${own.receivedAt} ${own.triedAt}`);
      await redis.expire(key, KEEP_S);
      const places = Object.entries(await redis.hgetall(key)).map(([id, text]) => readPlace(id, text));
      return !places.some((place) => isEarlier(place, own) && now() - place.triedAt < GONE_MS);
    },
    leave: async (event) => {
      await redis.hdel(keyOf(event), event.id);
    },
  };
};
