import type { Attempt, AttemptLog } from '../operate/ports.ts';
import type { RedisClient } from './connection/connection.ts';

type StoredAttempt = Omit<Attempt, 'at'> & { readonly at: string };

export type AttemptLogOptions = { readonly redis: RedisClient; readonly prefix: string };

/** An {@link AttemptLog} of what consumers wrote: a list for each event, of JSON `{ attempt, at, durationMs, error }`. */
export class RedisAttemptLog implements AttemptLog {
  readonly #options: AttemptLogOptions;

  constructor(options: AttemptLogOptions) {
    this.#options = options;
  }

  async of(eventId: string): Promise<readonly Attempt[]> {
    const { redis, prefix } = this.#options;
    const stored = await redis.lrange(`${prefix}:attempts:${eventId}`, 0, -1);
    return stored.map((text) => {
      const { at, ...attempt } = JSON.parse(text) as StoredAttempt;
      return { ...attempt, at: Date.parse(at) };
    });
  }
}
