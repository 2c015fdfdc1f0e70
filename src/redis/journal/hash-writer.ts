import type { RedisClient } from '../connection/connection.ts';
import { createDeadline } from '../deadline.ts';

const FLUSH_MS = 1000;
/** How long shutdown may wait for the last write, in milliseconds. */
const LAST_FLUSH_MS = 500;

export type HashWriterOptions = {
  readonly redis: RedisClient;
  /** How long a hash is kept after its last write, in milliseconds. */
  readonly keptMs: number;
  /** The hash that has the totals of a period, and their fields. */
  readonly read: (period: number) => {
    readonly key: string;
    readonly fields: Readonly<Record<string, number | string>>;
  };
  readonly onError: (error: unknown) => void;
};

/** Writes the totals of changed periods to hashes, once a second and on disposal. A write that fails is repeated. */
export class HashWriter implements AsyncDisposable {
  readonly #options: HashWriterOptions;
  readonly #changed = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: HashWriterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#flushing = this.#flushing.then(() => this.flush()).catch(options.onError);
    }, FLUSH_MS);
    this.#timer.unref();
  }

  markChanged(period: number): void {
    this.#changed.add(period);
  }

  hasChanged(period: number): boolean {
    return this.#changed.has(period);
  }

  async flush(): Promise<void> {
    for (const period of [...this.#changed]) {
      this.#changed.delete(period);
      try {
        await this.#write(period);
      } catch (error) {
        this.#changed.add(period);
        throw error;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    const last = this.#flushing.then(() => this.flush());
    await createDeadline(LAST_FLUSH_MS).within(last).catch(this.#options.onError);
  }

  async #write(period: number): Promise<void> {
    const { redis, keptMs, read } = this.#options;
    const { key, fields } = read(period);
    if (Object.keys(fields).length === 0) return;
    const replies = await redis.multi().hset(key, fields).pexpire(key, keptMs).exec();
    for (const [error] of replies ?? []) if (error !== null) throw error;
  }
}
