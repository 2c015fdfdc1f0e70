import { type Subject, subjectKey, subjectOfKey } from '../../core/event-id.ts';
import type { Observation, SubjectPage } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { send } from '../lua-script.ts';

export type DayIndexOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long a day is kept after its last news, in milliseconds. */
  readonly retentionMs: number;
};

/** Subjects that one read brings, about. */
const PAGE = 500;

/** What a scan returns: a cursor that is `0` at the end, and members; the members of a sorted set with their scores. */
const pageOf = ([cursor, members]: readonly [string, readonly string[]]): SubjectPage => ({
  subjects: members.map(subjectOfKey),
  next: cursor === '0' ? null : cursor,
});

/**
 * Finds subjects of the ledger by day, and those that are open. A set for each merchant and day, and a sorted set of
 * what is pending. They are in other slots of a cluster than the subjects, so they are written after the commit and
 * decide nothing. A crash in between costs nothing that matters: rows of PayCools find their subject by its id, and one
 * that is not marked as delivered is delivered again (a duplicate), which writes the index too.
 */
export class DayIndex {
  readonly #options: DayIndexOptions;

  constructor(options: DayIndexOptions) {
    this.#options = options;
  }

  /** Notes subjects under their days, and among the open ones those that are pending. */
  async add(observations: readonly Observation[]): Promise<void> {
    const { redis, retentionMs } = this.#options;
    const days = new Map<string, string[]>();
    const writes: Promise<unknown>[] = [];
    for (const { merchant, subject, day, statement, at } of observations) {
      const dayKey = this.#dayKey(merchant, day);
      const members = days.get(dayKey) ?? [];
      days.set(dayKey, members);
      members.push(subjectKey(subject));
      if (statement.status !== 'pending') continue;
      const openKey = this.#openKey(merchant);
      writes.push(redis.zadd(openKey, at, subjectKey(subject)), redis.zremrangebyscore(openKey, 0, at - retentionMs));
      writes.push(redis.pexpire(openKey, retentionMs));
    }
    for (const [dayKey, members] of days) {
      writes.push(send(redis, 'sadd', [dayKey, ...members]), redis.pexpire(dayKey, retentionMs));
    }
    await Promise.all(writes); // sent together, not one after another
  }

  async ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage> {
    return pageOf(await this.#options.redis.sscan(this.#dayKey(merchant, day), cursor ?? '0', 'COUNT', PAGE));
  }

  async open(merchant: string, cursor: string | null): Promise<SubjectPage> {
    const key = this.#openKey(merchant);
    const [next, members] = await this.#options.redis.zscan(key, cursor ?? '0', 'COUNT', PAGE);
    return pageOf([next, members.filter((_, index) => index % 2 === 0)]);
  }

  async close(merchant: string, subjects: readonly Subject[]): Promise<void> {
    if (subjects.length > 0) await this.#options.redis.zrem(this.#openKey(merchant), ...subjects.map(subjectKey));
  }

  #dayKey(merchant: string, day: string): string {
    return `${this.#options.prefix}:ledger-day:${merchant}:${day}`;
  }

  #openKey(merchant: string): string {
    return `${this.#options.prefix}:ledger-open:${merchant}`;
  }
}
