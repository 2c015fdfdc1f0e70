import { randomBytes } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '../../core/time.ts';
import { type OutcomeLabel, outcomeLabels } from '../../receive/outcome.ts';
import type { HourCounts, MinuteCounts, OutcomeCounts } from '../../receive/outcome-counts.ts';
import type { RedisClient } from '../connection/connection.ts';
import { HashWriter } from './hash-writer.ts';

const MINUTES = 60;
/** The hash of an hour is read until the next hour ends. */
const KEPT_MS = 2 * HOUR_MS;

type Counts = Map<OutcomeLabel, number>;

export type RedisOutcomeCountsOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly onError: (error: unknown) => void;
};

const minuteOf = (at: number): number => at - (at % MINUTE_MS);
const labels: ReadonlySet<string> = new Set(outcomeLabels);

/**
 * {@link OutcomeCounts} in Redis: one hash per hour, with one field per minute, outcome and replica. Replicas write totals,
 * not increments, so that a write of unknown outcome can be repeated without counting anything twice, and counts of an
 * outage of Redis are written afterwards.
 */
export class RedisOutcomeCounts implements OutcomeCounts, AsyncDisposable {
  readonly #options: RedisOutcomeCountsOptions;
  readonly #replica = randomBytes(6).toString('hex');
  /** This replica's counts of the last two hours, by minute. */
  readonly #minutes = new Map<number, Counts>();
  readonly #writer: HashWriter;

  constructor(options: RedisOutcomeCountsOptions) {
    this.#options = options;
    this.#writer = new HashWriter({ ...options, keptMs: KEPT_MS, read: (minute) => this.#hashOf(minute) });
  }

  count(outcome: OutcomeLabel, at: number): void {
    const minute = minuteOf(at);
    let counts = this.#minutes.get(minute);
    if (counts === undefined) {
      counts = new Map();
      this.#forget(minute - KEPT_MS);
      this.#minutes.set(minute, counts);
    }
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    this.#writer.markChanged(minute);
  }

  async lastHour(now: number): Promise<HourCounts> {
    const first = minuteOf(now) - (MINUTES - 1) * MINUTE_MS;
    try {
      const [before, present] = await Promise.all([first, now].map((at) => this.#options.redis.hgetall(this.#key(at))));
      const fields = Object.entries({ ...before, ...present });
      return { isComplete: true, minutes: this.#sum(first, [...this.#countsOfOthers(fields), ...this.#ownCounts()]) };
    } catch {
      return { isComplete: false, minutes: this.#sum(first, this.#ownCounts()) };
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#writer[Symbol.asyncDispose]();
  }

  #hashOf(minute: number): { key: string; fields: Record<string, number> } {
    const counts = [...(this.#minutes.get(minute) ?? [])];
    const fields = counts.map(([outcome, count]) => [`${minute}:${outcome}:${this.#replica}`, count]);
    return { key: this.#key(minute), fields: Object.fromEntries(fields) };
  }

  /** The counts of other replicas. Our own in Redis are up to a second old, so those in memory are used instead. */
  *#countsOfOthers(fields: readonly (readonly [string, string])[]): Generator<[number, OutcomeLabel, number]> {
    for (const [field, count] of fields) {
      const [minute, outcome = '', replica] = field.split(':');
      if (replica !== this.#replica && labels.has(outcome))
        yield [Number(minute), outcome as OutcomeLabel, Number(count)];
    }
  }

  *#ownCounts(): Generator<[number, OutcomeLabel, number]> {
    for (const [minute, counts] of this.#minutes) for (const [outcome, count] of counts) yield [minute, outcome, count];
  }

  #sum(first: number, counted: Iterable<[number, OutcomeLabel, number]>): MinuteCounts[] {
    const sums = Array.from({ length: MINUTES }, (): Partial<Record<OutcomeLabel, number>> => ({}));
    for (const [minute, outcome, count] of counted) {
      const counts = sums[(minute - first) / MINUTE_MS];
      if (counts !== undefined) counts[outcome] = (counts[outcome] ?? 0) + count;
    }
    return sums.map((counts, index) => ({ minute: first + index * MINUTE_MS, counts }));
  }

  #forget(before: number): void {
    for (const minute of this.#minutes.keys()) if (minute < before) this.#minutes.delete(minute);
  }

  #key(at: number): string {
    return `${this.#options.prefix}:outcomes:${at - (at % HOUR_MS)}`;
  }
}
