import type { Attempt, AttemptLog } from '../operate/ports.ts';
import type { RedisClient } from './connection/connection.ts';

/** An attempt as consumers store it: `at` is ISO 8601 in UTC. */
export type StoredAttempt = Omit<Attempt, 'at'> & { readonly at: string };

/** The list of attempts to handle an event, oldest first, as JSON. */
export const attemptsKey = (prefix: string, eventId: string): string => `${prefix}:attempts:${eventId}`;

export type AttemptLogOptions = { readonly redis: RedisClient; readonly prefix: string };

/** An {@link AttemptLog} of what consumers wrote. */
export class RedisAttemptLog implements AttemptLog {
  readonly #options: AttemptLogOptions;

  constructor(options: AttemptLogOptions) {
    this.#options = options;
  }

  async of(eventId: string): Promise<readonly Attempt[]> {
    const { redis, prefix } = this.#options;
    const stored = await redis.lrange(attemptsKey(prefix, eventId), 0, -1);
    return stored.map((text) => {
      const { at, ...attempt } = JSON.parse(text) as StoredAttempt;
      return { ...attempt, at: Date.parse(at) };
    });
  }
}
