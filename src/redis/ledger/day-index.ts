import { type Subject, subjectKey, subjectOfKey } from '../../core/event-id.ts';
import type { Indexed, SubjectPage } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createScript, readScript, type Script, send } from '../lua-script.ts';
import { type LedgerKeys, ledgerKeys } from './ledger-keys.ts';

export type DayIndexOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long a day is kept after its last observation, in milliseconds. */
  readonly retentionMs: number;
};

/** Approximate number of subjects in a page. */
const PAGE = 500;

/** A page from what a scan returns: the cursor, which is `0` at the end, and members. */
const pageOf = ([cursor, members]: readonly [string, readonly string[]]): SubjectPage => ({
  subjects: members.map(subjectOfKey),
  next: cursor === '0' ? null : cursor,
});

/**
 * Finds subjects of the ledger by day, and those that are pending: a set for each merchant and day, and a sorted set of
 * what is pending. In a cluster they are in other slots than the subjects, so they are written after the commit and
 * decide nothing. A crash in between costs nothing that matters: rows of PayCools find their subject by its id, and one
 * that is not marked as delivered is delivered again (a duplicate), which writes the index too.
 */
export class DayIndex {
  readonly #options: DayIndexOptions;
  readonly #keys: LedgerKeys;
  readonly #noteOpen: Script<null>;

  constructor(options: DayIndexOptions) {
    this.#options = options;
    this.#keys = ledgerKeys(options.prefix);
    this.#noteOpen = createScript(options.redis, readScript('note-open'));
  }

  /** Notes subjects under their days, and pending ones among those that are open. */
  async add(all: readonly Indexed[]): Promise<void> {
    const { redis, retentionMs } = this.#options;
    const days = Map.groupBy(all, ({ merchant, day }) => this.#keys.day(merchant, day));
    const open = Map.groupBy(
      all.filter(({ isOpen }) => isOpen),
      ({ merchant }) => this.#keys.open(merchant),
    );
    const writes = [...days].flatMap(([key, noted]) => [
      send(redis, 'sadd', [key, ...noted.map(({ subject }) => subjectKey(subject))]),
      redis.pexpire(key, retentionMs),
    ]);
    for (const [key, noted] of open) {
      writes.push(this.#noteOpen([key], [retentionMs, ...noted.map(({ subject }) => subjectKey(subject))]));
    }
    await Promise.all(writes); // sent together, not one after another
  }

  async ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage> {
    return pageOf(await this.#options.redis.sscan(this.#keys.day(merchant, day), cursor ?? '0', 'COUNT', PAGE));
  }

  async open(merchant: string, cursor: string | null): Promise<SubjectPage> {
    const key = this.#keys.open(merchant);
    const [next, members] = await this.#options.redis.zscan(key, cursor ?? '0', 'COUNT', PAGE);
    return pageOf([next, members.filter((_, index) => index % 2 === 0)]);
  }

  async close(merchant: string, subjects: readonly Subject[]): Promise<void> {
    if (subjects.length > 0) await this.#options.redis.zrem(this.#keys.open(merchant), ...subjects.map(subjectKey));
  }
}
