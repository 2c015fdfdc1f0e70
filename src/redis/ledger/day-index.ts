import { Cluster } from 'ioredis';
import { type Subject, subjectKey, subjectOfKey } from '../../core/event-id.ts';
import type { IndexedSubject, SubjectPage } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, type Script, sendCommand } from '../lua-script.ts';
import { type LedgerKeys, ledgerKeys } from './ledger-keys.ts';

export type DayIndexOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long a day is kept after its last observation, in milliseconds. */
  readonly retentionMs: number;
  /** Every family: in a cluster each has an index of its own. */
  readonly families: readonly string[];
};

/** Approximate number of subjects in a page. */
const PAGE = 500;

/** What a scan returns: the cursor, which is `0` at the end, and members. */
type Scanned = readonly [cursor: string, members: readonly string[]];

/** Where a cursor is: in a scan of the keys of a family. */
type Place = { readonly family: string; readonly position: string };

const textOf = ({ family, position }: Place): string => (family === '' ? position : `${family} ${position}`);

const placeOf = (cursor: string): Place => {
  const [position = '0', family = ''] = cursor.split(' ').reverse();
  return { family, position };
};

/**
 * Finds subjects of the ledger by day, and those that are pending: a set for each merchant and day, and a sorted set of
 * what is pending. Mostly they are written together with the event (`add-events.lua`), in a cluster those of its family.
 * What is written in steps writes them last. They decide nothing, and a crash in between costs nothing that matters: rows of
 * PayCools find their subject by its id, and one that is not marked as delivered is delivered again (a duplicate), which
 * writes the index too.
 */
export class DayIndex {
  readonly #options: DayIndexOptions;
  readonly #keys: LedgerKeys;
  readonly #isCluster: boolean;
  /** Those that have keys, in the order in which they are read; '' for the keys of one Redis, and of earlier versions. */
  readonly #families: readonly string[];
  readonly #noteOpen: Script<null>;

  constructor(options: DayIndexOptions) {
    this.#options = options;
    this.#keys = ledgerKeys(options.prefix);
    this.#isCluster = options.redis instanceof Cluster;
    this.#families = this.#isCluster ? ['', ...options.families] : [''];
    this.#noteOpen = loadScript(options.redis, 'note-open');
  }

  /** Notes subjects under their days, and pending ones among those that are open. */
  async add(all: readonly IndexedSubject[]): Promise<void> {
    const { redis, retentionMs } = this.#options;
    const days = Map.groupBy(all, (it) => this.#keys.day(it.merchant, it.day, this.#familyOf(it)));
    const open = Map.groupBy(
      all.filter(({ isOpen }) => isOpen),
      (it) => this.#keys.open(it.merchant, this.#familyOf(it)),
    );
    const writes = [...days].flatMap(([key, noted]) => [
      sendCommand(redis, 'sadd', [key, ...noted.map(({ subject }) => subjectKey(subject))]),
      redis.pexpire(key, retentionMs),
    ]);
    for (const [key, noted] of open) {
      writes.push(this.#noteOpen([key], [retentionMs, ...noted.map(({ subject }) => subjectKey(subject))]));
    }
    await Promise.all(writes); // sent together, not one after another
  }

  ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage> {
    return this.#page(cursor, ({ family, position }) =>
      this.#options.redis.sscan(this.#keys.day(merchant, day, family), position, 'COUNT', PAGE),
    );
  }

  open(merchant: string, cursor: string | null): Promise<SubjectPage> {
    return this.#page(cursor, async ({ family, position }) => {
      const key = this.#keys.open(merchant, family);
      const [next, members] = await this.#options.redis.zscan(key, position, 'COUNT', PAGE);
      return [next, members.filter((_, index) => index % 2 === 0)];
    });
  }

  async close(merchant: string, subjects: readonly Subject[]): Promise<void> {
    if (subjects.length === 0) return;
    const members = subjects.map(subjectKey);
    await Promise.all(
      this.#families.map((family) => this.#options.redis.zrem(this.#keys.open(merchant, family), ...members)),
    );
  }

  #familyOf({ product }: IndexedSubject): string {
    return this.#isCluster ? product : '';
  }

  /** A page, from one family after another. */
  async #page(cursor: string | null, scan: (place: Place) => Promise<Scanned>): Promise<SubjectPage> {
    let place = placeOf(cursor ?? '0');
    for (;;) {
      const [position, members] = await scan(place);
      const next = position === '0' ? this.#after(place.family) : { ...place, position };
      if (members.length > 0 || next === null) {
        return { subjects: members.map(subjectOfKey), next: next === null ? null : textOf(next) };
      }
      place = next;
    }
  }

  #after(family: string): Place | null {
    const next = this.#families[this.#families.indexOf(family) + 1];
    return next === undefined ? null : { family: next, position: '0' };
  }
}
