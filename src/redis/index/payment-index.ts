import { addDays, dayOf } from '../../core/day.ts';
import { DAY_MS } from '../../core/time.ts';
import type { IndexHit, Milestone, PaymentIndex, PaymentKey } from '../../operate/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, type Script } from '../lua-script.ts';
import {
  type DayKeys,
  dayKeys,
  decodeMember,
  decodeMilestone,
  decodeSubject,
  encodeSubject,
  longEntryId,
  parseSearch,
  placeOf,
  placeOfSubject,
  requestDigits,
} from './index-codec.ts';

export type PaymentIndexOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long ids can be found, in milliseconds. */
  readonly retentionMs: number;
  /** Names of the merchants to search. */
  readonly merchants: () => readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Fields per step when a large hash is scanned; Redis returns small ones whole. */
const SCAN_COUNT = 1000;

type Day = { readonly merchant: string; readonly keys: DayKeys };

const hitOf = (merchant: string, subject: string, isExact: boolean): IndexHit[] => {
  const key = decodeSubject(subject);
  return key === null ? [] : [{ key: { merchant, ...key }, isExact }];
};

/** Each payment once, exact hits first. */
const distinct = (hits: readonly IndexHit[]): IndexHit[] => {
  const exactFirst = [...hits.filter(({ isExact }) => isExact), ...hits.filter(({ isExact }) => !isExact)];
  const byKey = new Map<string, IndexHit>();
  for (const hit of exactFirst) {
    const name = `${hit.key.merchant} ${encodeSubject(hit.key)}`;
    if (!byKey.has(name)) byKey.set(name, hit);
  }
  return [...byKey.values()];
};

/** A {@link PaymentIndex} of what the writers of all replicas wrote. */
export class RedisPaymentIndex implements PaymentIndex {
  readonly #options: PaymentIndexOptions;
  readonly #findMembers: Script<readonly string[]>;

  constructor(options: PaymentIndexOptions) {
    this.#options = options;
    this.#findMembers = loadScript(options.redis, 'find-ids');
  }

  async find(text: string, limit: number): Promise<readonly IndexHit[]> {
    const found = await Promise.all(this.#days().map((day) => this.#findIds(day, text, limit)));
    return distinct(found.flat()).slice(0, limit);
  }

  async entriesOfRequest(text: string): Promise<readonly string[]> {
    const digits = requestDigits(text);
    if (digits === null) return [];
    const { bucket, field } = placeOf(digits);
    const found = await Promise.all(this.#days().map(({ keys }) => this.#scan(keys.requests(bucket), `${field}*`)));
    return found.flat().map(([, short]) => longEntryId(short));
  }

  async milestones(key: PaymentKey): Promise<readonly Milestone[]> {
    const { bucket, field } = placeOfSubject(encodeSubject(key));
    const days = this.#days().filter(({ merchant }) => merchant === key.merchant);
    const found = await Promise.all(days.map(({ keys }) => this.#scan(keys.bucket(bucket), `${field}[gs=]*`)));
    const milestones = found.flat().map(([name, value]) => {
      const short = name.slice(field.length);
      if (short !== '=') return decodeMilestone(short, value);
      const bar = value.indexOf('|');
      return decodeMilestone(value.slice(0, bar), value.slice(bar + 1));
    });
    return milestones.toSorted((a, b) => a.at - b.at);
  }

  /** Every merchant's days, newest first; from tomorrow on, because another clock may be ahead. */
  #days(): readonly Day[] {
    const { prefix, retentionMs, now, merchants } = this.#options;
    const today = dayOf(now(), 'UTC');
    const count = Math.ceil(retentionMs / DAY_MS) + 2;
    return Array.from({ length: count }, (_, index) => addDays(today, 1 - index)).flatMap((day) =>
      merchants().map((merchant) => ({ merchant, keys: dayKeys(prefix, merchant, day) })),
    );
  }

  async #findIds({ merchant, keys }: Day, text: string, limit: number): Promise<readonly IndexHit[]> {
    const { prefix, isWhole } = parseSearch(text);
    const members = await this.#findMembers([keys.recent, keys.blocks, keys.firstBlock], [prefix, limit]);
    return members.flatMap((member) => {
      const { id, subject } = decodeMember(member);
      return hitOf(merchant, subject, isWhole && id === prefix);
    });
  }

  async #scan(key: string, match: string): Promise<readonly (readonly [field: string, value: string])[]> {
    const found: (readonly [string, string])[] = [];
    let cursor = '0';
    do {
      const [next, flat] = await this.#options.redis.hscan(key, cursor, 'MATCH', match, 'COUNT', SCAN_COUNT);
      for (let at = 0; at < flat.length; at += 2) found.push([flat[at] ?? '', flat[at + 1] ?? '']);
      cursor = next;
    } while (cursor !== '0');
    return found;
  }
}
