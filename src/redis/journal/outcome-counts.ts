import { randomBytes } from 'node:crypto';
import { HOUR_MS } from '../../core/time.ts';
import { type OutcomeLabel, outcomeLabels } from '../../receive/outcome.ts';
import type { HourCounts, MinuteCounts, OutcomeCounts } from '../../receive/outcome-counts.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createDeadline } from '../deadline.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;
const FLUSH_MS = 1000;
/** How long shutdown may wait for the last counts. */
const LAST_FLUSH_MS = 500;
/** An hour's key is read until the hour after it has ended. */
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
 * {@link OutcomeCounts} in Redis: one hash per hour, with one field for each minute, outcome and replica. Each replica
 * writes its totals, not increments, so a write of unknown outcome can be repeated: nothing is counted twice, and counts
 * from an outage of Redis are written afterwards.
 */
export class RedisOutcomeCounts implements OutcomeCounts, AsyncDisposable {
  readonly #options: RedisOutcomeCountsOptions;
  readonly #replica = randomBytes(6).toString('hex');
  /** Own counts of the last hours, by minute. */
  readonly #minutes = new Map<number, Counts>();
  readonly #dirty = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: RedisOutcomeCountsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#flushing = this.#flushing.then(() => this.#flush()).catch(options.onError);
    }, FLUSH_MS);
    this.#timer.unref();
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
    this.#dirty.add(minute);
  }

  async lastHour(now: number): Promise<HourCounts> {
    const first = minuteOf(now) - (MINUTES - 1) * MINUTE_MS;
    try {
      const [before, present] = await Promise.all([first, now].map((at) => this.#options.redis.hgetall(this.#key(at))));
      const fields = Object.entries({ ...before, ...present });
      return { isComplete: true, minutes: this.#sum(first, [...this.#othersOf(fields), ...this.#own()]) };
    } catch {
      return { isComplete: false, minutes: this.#sum(first, this.#own()) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    const last = this.#flushing.then(() => this.#flush());
    await createDeadline(LAST_FLUSH_MS).within(last).catch(this.#options.onError);
  }

  async #flush(): Promise<void> {
    for (const minute of [...this.#dirty]) {
      const counts = this.#minutes.get(minute) ?? new Map<OutcomeLabel, number>();
      const fields = Object.fromEntries(
        [...counts].map(([outcome, count]) => [`${minute}:${outcome}:${this.#replica}`, count]),
      );
      this.#dirty.delete(minute);
      try {
        const key = this.#key(minute);
        const written = await this.#options.redis.multi().hset(key, fields).pexpire(key, KEPT_MS).exec();
        for (const [error] of written ?? []) if (error !== null) throw error;
      } catch (error) {
        this.#dirty.add(minute);
        throw error;
      }
    }
  }

  /** Counts of the other replicas. Our own in Redis are up to a second old: those in memory are used instead. */
  *#othersOf(fields: readonly (readonly [string, string])[]): Generator<[number, OutcomeLabel, number]> {
    for (const [field, count] of fields) {
      const [minute, outcome = '', replica] = field.split(':');
      if (replica !== this.#replica && labels.has(outcome))
        yield [Number(minute), outcome as OutcomeLabel, Number(count)];
    }
  }

  *#own(): Generator<[number, OutcomeLabel, number]> {
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
    for (const minute of this.#minutes.keys()) {
      if (minute >= before) continue;
      this.#minutes.delete(minute);
      this.#dirty.delete(minute);
    }
  }

  #key(at: number): string {
    return `${this.#options.prefix}:outcomes:${at - (at % HOUR_MS)}`;
  }
}
