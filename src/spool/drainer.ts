import type { SpoolEntry, SqliteSpool } from './sqlite-spool.ts';

export type DrainerOptions = {
  readonly spool: SqliteSpool;
  /** Whether Redis is durable enough now. */
  readonly isOpen: () => boolean;
  /** Stores one callback in Redis; rejects when that failed. */
  readonly store: (entry: SpoolEntry) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
};

const BATCH = 50;
/** Upper bound per second, so that a full spool does not crowd out what arrives now. */
const PER_SECOND = 1000;
const IDLE_MS = 250;

/**
 * Moves callbacks from the spool to Redis: one after another, oldest first, at a bounded rate. A callback leaves the
 * spool only after Redis confirmed it; after a crash in between it is moved twice, which is still one event.
 */
export class Drainer implements AsyncDisposable {
  readonly #options: DrainerOptions;
  #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: DrainerOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => this.#tick(), IDLE_MS).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #tick(): void {
    const started = performance.now();
    this.#running = this.#drainBatch().then((moved) => {
      if (this.#isStopped) return;
      const elapsed = performance.now() - started;
      const pause = moved < BATCH ? IDLE_MS : Math.max(0, (BATCH * 1000) / PER_SECOND - elapsed);
      this.#timer = setTimeout(() => this.#tick(), pause).unref();
    });
  }

  /** Moves some callbacks. Returns how many. */
  async #drainBatch(): Promise<number> {
    const { spool, isOpen, store, onError } = this.#options;
    if (spool.count === 0 || !isOpen()) return 0;
    const moved: SpoolEntry[] = [];
    try {
      for (const entry of spool.oldest(BATCH)) {
        if (this.#isStopped) break;
        await store(entry);
        moved.push(entry);
      }
    } catch (error) {
      onError(error); // Redis is unavailable again: the rest stays in the spool
    }
    try {
      if (moved.length > 0) spool.remove(moved);
    } catch (error) {
      onError(error);
      return 0;
    }
    return moved.length;
  }
}
