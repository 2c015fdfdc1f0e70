import { randomBytes } from 'node:crypto';
import { HOUR_MS } from '../../core/time.ts';
import type { ProductTotal, ProductTotals } from '../../operate/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { HashWriter } from './hash-writer.ts';

const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;
const KEPT_MS = (WEEK_HOURS + 2) * HOUR_MS;

/** What is counted of an event. */
export type Counted = {
  readonly product: string;
  readonly status: string;
  readonly amount: { readonly minor: number; readonly currency: string } | null;
};

type Sum = { count: number; minor: number };

export type ProductTotalsOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly onError: (error: unknown) => void;
};

const hourOf = (at: number): number => at - (at % HOUR_MS);

const addUp = (fields: readonly (readonly [string, string])[]): ProductTotal[] => {
  const totals = new Map<string, { succeeded: number; failed: number; other: number; sums: Map<string, number> }>();
  for (const [field, value] of fields) {
    const [product = '', status = '', currency = ''] = field.split('|');
    const [count = 0, minor = 0] = value.split(':').map(Number);
    const total = totals.get(product) ?? { succeeded: 0, failed: 0, other: 0, sums: new Map<string, number>() };
    totals.set(product, total);
    total[status === 'succeeded' || status === 'failed' ? status : 'other'] += count;
    if (status === 'succeeded' && currency !== '') total.sums.set(currency, (total.sums.get(currency) ?? 0) + minor);
  }
  return [...totals]
    .map(([product, { sums, ...counts }]) => ({
      product,
      ...counts,
      sums: [...sums].map(([currency, minor]) => ({ currency, minor })),
    }))
    .toSorted((a, b) => a.product.localeCompare(b.product));
};

/**
 * Counts and sums by product in Redis: one hash per hour, with one field per product, status, currency and replica.
 * Replicas write totals, not increments, so that a write of unknown outcome can be repeated.
 */
export class RedisProductTotals implements AsyncDisposable {
  readonly #options: ProductTotalsOptions;
  readonly #replica = randomBytes(6).toString('hex');
  /** This replica's totals of the last hours, by hour, then by field. */
  readonly #hours = new Map<number, Map<string, Sum>>();
  readonly #writer: HashWriter;

  constructor(options: ProductTotalsOptions) {
    this.#options = options;
    this.#writer = new HashWriter({ ...options, keptMs: KEPT_MS, read: (hour) => this.#hashOf(hour) });
  }

  /** @param at milliseconds since 1970 */
  add({ product, status, amount }: Counted, at: number): void {
    const hour = hourOf(at);
    const fields = this.#hours.get(hour) ?? new Map<string, Sum>();
    if (!this.#hours.has(hour)) this.#forget(hour - 2 * HOUR_MS);
    this.#hours.set(hour, fields);
    const field = `${product}|${status}|${amount?.currency ?? ''}|${this.#replica}`;
    const sum = fields.get(field) ?? { count: 0, minor: 0 };
    fields.set(field, { count: sum.count + 1, minor: sum.minor + (amount?.minor ?? 0) });
    this.#writer.markChanged(hour);
  }

  /** @throws the error of ioredis while Redis is unavailable */
  async read(now: number): Promise<ProductTotals> {
    await this.#writer.flush();
    const hours = Array.from({ length: WEEK_HOURS }, (_, index) => hourOf(now) - index * HOUR_MS);
    const fields = (await Promise.all(hours.map((hour) => this.#options.redis.hgetall(this.#key(hour))))).map((hash) =>
      Object.entries(hash),
    );
    return {
      hour: addUp(fields[0] ?? []),
      hoursOfHour: Math.max(1 / 60, (now - hourOf(now)) / HOUR_MS),
      day: addUp(fields.slice(0, DAY_HOURS).flat()),
      week: addUp(fields.flat()),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#writer[Symbol.asyncDispose]();
  }

  #hashOf(hour: number): { key: string; fields: Record<string, string> } {
    const sums = [...(this.#hours.get(hour) ?? [])];
    const fields = sums.map(([field, { count, minor }]) => [field, `${count}:${minor}`]);
    return { key: this.#key(hour), fields: Object.fromEntries(fields) };
  }

  #forget(before: number): void {
    for (const hour of this.#hours.keys()) {
      if (hour < before && !this.#writer.hasChanged(hour)) this.#hours.delete(hour);
    }
  }

  #key(hour: number): string {
    return `${this.#options.prefix}:totals:${hour}`;
  }
}
