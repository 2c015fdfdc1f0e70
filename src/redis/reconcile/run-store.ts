import type { FindingEvent } from '../../core/event.ts';
import { type Subject, subjectKey } from '../../core/event-id.ts';
import { DAY_MS } from '../../core/time.ts';
import type { PageResults, Progress, RotationPosition, RunName, RunStore } from '../../reconcile/ports.ts';
import type { EmittedEvent, Report } from '../../reconcile/report.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript, type Script } from '../lua-script.ts';

/** How long an interrupted run can be resumed, in milliseconds. */
const RUN_MS = DAY_MS;
/** How long reports, absent subjects and the rotation are kept, in milliseconds. */
const RETENTION_MS = 90 * DAY_MS;
const MAX_REPORTS = 50;
/** Maximum number of events of a run that are kept, and of its findings. */
const MAX_LISTED = 10_000;
/** Maximum number of events, and of findings, in a stored report; the command line and CSV show all. */
const MAX_STORED = 1000;

export type RedisRunStoreOptions = { readonly redis: RedisClient; readonly prefix: string };

/** Runs a transaction; rejects with the first error of its commands. */
const execute = async (writes: ReturnType<RedisClient['multi']>): Promise<void> => {
  for (const [error] of (await writes.exec()) ?? []) if (error !== null) throw error;
};

/**
 * A {@link RunStore} in Redis. All keys of a merchant share a slot (its name is the hash tag), so that progress and notes are
 * written in one transaction.
 */
export class RedisRunStore implements RunStore {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #recordAbsent: Script<string>;

  constructor({ redis, prefix }: RedisRunStoreOptions) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#recordAbsent = loadScript(redis, 'record-absent');
  }

  async load(name: RunName): Promise<Progress | null> {
    const text = await this.#redis.get(this.#key(name.merchant, 'progress', name.run));
    if (text !== null) return JSON.parse(text) as Progress;
    await this.#redis.unlink(...this.#notesKeys(name)); // left by a run that is too old to resume
    return null;
  }

  async save(name: RunName, progress: Progress, { seen, findings, events }: PageResults): Promise<void> {
    const [seenKey, findingsKey, eventsKey] = this.#notesKeys(name);
    const writes = this.#redis.multi();
    writes.set(this.#key(name.merchant, 'progress', name.run), JSON.stringify(progress), 'PX', RUN_MS);
    if (seen.size > 0) writes.hset(seenKey, Object.fromEntries(seen)).pexpire(seenKey, RUN_MS);
    for (const [key, items] of [
      [findingsKey, findings],
      [eventsKey, events],
    ] as const) {
      if (items.length === 0) continue;
      writes.rpush(key, ...items.map((item) => JSON.stringify(item)));
      writes.ltrim(key, 0, MAX_LISTED - 1).pexpire(key, RUN_MS);
    }
    await execute(writes);
  }

  async seen(name: RunName, keys: readonly string[]): Promise<readonly (string | null)[]> {
    return keys.length === 0 ? [] : this.#redis.hmget(this.#notesKeys(name)[0], ...keys);
  }

  findings(name: RunName): Promise<readonly FindingEvent[]> {
    return this.#readList(this.#notesKeys(name)[1]);
  }

  events(name: RunName): Promise<readonly EmittedEvent[]> {
    return this.#readList(this.#notesKeys(name)[2]);
  }

  async finish({ merchant, run }: RunName, report: Report): Promise<void> {
    const reports = this.#key(merchant, 'reports');
    const { findings, events } = report;
    const stored = { ...report, findings: findings.slice(0, MAX_STORED), events: events.slice(0, MAX_STORED) };
    const writes = this.#redis.multi();
    writes
      .lpush(reports, JSON.stringify(stored))
      .ltrim(reports, 0, MAX_REPORTS - 1)
      .pexpire(reports, RETENTION_MS);
    writes.unlink(this.#key(merchant, 'progress', run), ...this.#notesKeys({ merchant, run }));
    await execute(writes);
  }

  /** The latest reports of a merchant, newest first. */
  async reports(merchant: string, limit = MAX_REPORTS): Promise<readonly Report[]> {
    const stored = await this.#redis.lrange(this.#key(merchant, 'reports'), 0, limit - 1);
    return stored.map((text) => JSON.parse(text) as Report);
  }

  async recordAbsent(merchant: string, subject: Subject, at: number): Promise<number> {
    return Number(await this.#recordAbsent([this.#key(merchant, 'absent')], [RETENTION_MS, at, subjectKey(subject)]));
  }

  async forgetAbsent(merchant: string, subject: Subject): Promise<void> {
    await this.#redis.zrem(this.#key(merchant, 'absent'), subjectKey(subject));
  }

  async rotation(merchant: string): Promise<RotationPosition | null> {
    const text = await this.#redis.get(this.#key(merchant, 'rotation'));
    return text === null ? null : (JSON.parse(text) as RotationPosition);
  }

  async saveRotation(merchant: string, position: RotationPosition): Promise<void> {
    await this.#redis.set(this.#key(merchant, 'rotation'), JSON.stringify(position), 'PX', RETENTION_MS);
  }

  async #readList<Item>(key: string): Promise<readonly Item[]> {
    return (await this.#redis.lrange(key, 0, -1)).map((text) => JSON.parse(text) as Item);
  }

  #notesKeys({ merchant, run }: RunName): [seen: string, findings: string, events: string] {
    return [this.#key(merchant, 'seen', run), this.#key(merchant, 'found', run), this.#key(merchant, 'emitted', run)];
  }

  #key(merchant: string, ...parts: readonly string[]): string {
    return [`${this.#prefix}:reconcile:{${merchant}}`, ...parts].join(':');
  }
}
