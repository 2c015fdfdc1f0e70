import { Cluster } from 'ioredis';
import { type Subject, subjectKey, subjectOfKey } from '../../core/event-id.ts';
import type { IndexedSubject, SubjectPage } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, type Script, sendCommand } from '../lua-script.ts';
import { type LedgerKeys, ledgerKeys } from './ledger-keys.ts';

export type DayIndexOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long a day is kept after its last write, in milliseconds. */
  readonly retentionMs: number;
  /** All families: in a cluster each has its own index. */
  readonly families: readonly string[];
};

/** Approximate number of subjects in a page. */
const PAGE = 500;

/** The reply to a scan: its next cursor, which is `0` at the end, and members. */
type ScanReply = readonly [cursor: string, members: readonly string[]];

/** Where a page ended: the family, and the cursor of the scan of its key. */
type Position = { readonly family: string; readonly cursor: string };

const encodeCursor = ({ family, cursor }: Position): string => (family === '' ? cursor : `${family} ${cursor}`);

const decodeCursor = (text: string): Position => {
  const [cursor = '0', family = ''] = text.split(' ').reverse();
  return { family, cursor };
};

/**
 * Finds subjects of the ledger by day, and open ones: one set per merchant and day, and one sorted set of open subjects per
 * merchant; in a cluster one of each per family. `add-events.lua` writes them together with the event; if event and history
 * are stored in separate steps, the index is the last one. A crash before it is harmless, because nothing is decided by the
 * index: reconciliation finds the subjects of PayCools's rows by id, and a subject that is not marked as delivered is
 * delivered again (a duplicate), which writes the index too.
 */
export class DayIndex {
  readonly #options: DayIndexOptions;
  readonly #keys: LedgerKeys;
  readonly #isCluster: boolean;
  /** In the order in which their keys are read; '' for keys without a family: those of one Redis and of earlier versions. */
  readonly #families: readonly string[];
  readonly #addOpen: Script<null>;

  constructor(options: DayIndexOptions) {
    this.#options = options;
    this.#keys = ledgerKeys(options.prefix);
    this.#isCluster = options.redis instanceof Cluster;
    this.#families = this.#isCluster ? ['', ...options.families] : [''];
    this.#addOpen = loadScript(options.redis, 'add-open');
  }

  /** Adds subjects to their days, and open ones to the open subjects. */
  async add(subjects: readonly IndexedSubject[]): Promise<void> {
    const { redis, retentionMs } = this.#options;
    const days = Map.groupBy(subjects, (it) => this.#keys.day(it.merchant, it.day, this.#familyOf(it)));
    const open = Map.groupBy(
      subjects.filter(({ isOpen }) => isOpen),
      (it) => this.#keys.open(it.merchant, this.#familyOf(it)),
    );
    const writes = [...days].flatMap(([key, ofDay]) => [
      sendCommand(redis, 'sadd', [key, ...ofDay.map(({ subject }) => subjectKey(subject))]),
      redis.pexpire(key, retentionMs),
    ]);
    for (const [key, ofMerchant] of open) {
      writes.push(this.#addOpen([key], [retentionMs, ...ofMerchant.map(({ subject }) => subjectKey(subject))]));
    }
    await Promise.all(writes); // sent together, not one after another
  }

  ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage> {
    return this.#page(cursor, (position) =>
      this.#options.redis.sscan(this.#keys.day(merchant, day, position.family), position.cursor, 'COUNT', PAGE),
    );
  }

  open(merchant: string, cursor: string | null): Promise<SubjectPage> {
    return this.#page(cursor, async (position) => {
      const key = this.#keys.open(merchant, position.family);
      const [next, members] = await this.#options.redis.zscan(key, position.cursor, 'COUNT', PAGE);
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

  /** Reads a page, one family after another. */
  async #page(start: string | null, scan: (position: Position) => Promise<ScanReply>): Promise<SubjectPage> {
    let position = decodeCursor(start ?? '0');
    for (;;) {
      const [cursor, members] = await scan(position);
      const next = cursor === '0' ? this.#startAfter(position.family) : { ...position, cursor };
      if (members.length > 0 || next === null) {
        return { subjects: members.map(subjectOfKey), next: next === null ? null : encodeCursor(next) };
      }
      position = next;
    }
  }

  #startAfter(family: string): Position | null {
    const next = this.#families[this.#families.indexOf(family) + 1];
    return next === undefined ? null : { family: next, cursor: '0' };
  }
}
