import type { SetAsideCallback } from '../receive/ports.ts';
import type { SpoolEntry } from './spool-table.ts';
import type { SqliteSpool } from './sqlite-spool.ts';

export type DrainerOptions = {
  readonly spool: SqliteSpool;
  /** Whether Redis is durable enough, as of the last check. */
  readonly isOpen: () => boolean;
  /** Checks Redis now. */
  readonly check: () => Promise<unknown>;
  /** Stores one callback in Redis; rejects if that failed. */
  readonly store: (entry: SpoolEntry) => Promise<unknown>;
  /** Reports a callback that was set aside; rejects if that failed. */
  readonly report: (callback: SetAsideCallback) => Promise<unknown>;
  /** Whether another attempt may succeed without anything being done about this callback. */
  readonly isTransient: (error: unknown) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  readonly onSetAside: (callback: SpoolEntry, error: unknown) => void;
};

const BATCH = 50;
/** Maximum number of callbacks per second, so that a full spool does not crowd out new ones. */
const PER_SECOND = 1000;
/** How often the spool is checked while there is little to move, in milliseconds. */
const IDLE_MS = 250;
/** Delay before a failed callback is tried again, in milliseconds. */
const RETRY_MS = 2000;
/** Minimum number of failures before a callback is set aside. */
const MIN_TRIES = 3;
/** Minimum time since its first failure, in milliseconds. */
const SET_ASIDE_MS = 12_000;

type Failing = { readonly since: number; readonly tries: number; readonly nextAt: number };

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/**
 * Moves callbacks from the spool to Redis, one after another, oldest first, at a bounded rate. A callback is removed only
 * after Redis has confirmed it; after a crash in between it is moved twice, which is still one event. A callback that fails
 * while Redis accepts others is skipped, tried again a few times, and then set aside, so that it never delays the others.
 */
export class Drainer implements AsyncDisposable {
  readonly #options: DrainerOptions;
  /** Callbacks that failed, by `seq`. */
  readonly #failing = new Map<number, Failing>();
  /** The `seq` after which the next batch begins. */
  #after = 0;
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
    this.#running = this.#drainBatch()
      .catch((error: unknown) => {
        this.#options.onError(error);
        return 0;
      })
      .then((moved) => {
        if (this.#isStopped) return;
        const elapsed = performance.now() - started;
        const pause = moved < BATCH ? IDLE_MS : Math.max(0, (BATCH * 1000) / PER_SECOND - elapsed);
        this.#timer = setTimeout(() => this.#tick(), pause).unref();
      });
  }

  /** Moves a batch of callbacks. Returns how many were moved. */
  async #drainBatch(): Promise<number> {
    const { spool, isOpen } = this.#options;
    if (!isOpen()) return 0;
    await this.#reportSetAside();
    if (spool.count === 0) return 0;
    const moved: SpoolEntry[] = [];
    for (const entry of this.#nextBatch()) {
      if (this.#isStopped || !(await this.#move(entry, moved))) break;
      this.#after = entry.seq;
    }
    if (moved.length > 0) spool.remove(moved);
    return moved.length;
  }

  /** Continues where the last batch ended; after the end, from the beginning again. */
  #nextBatch(): SpoolEntry[] {
    const { spool } = this.#options;
    const now = performance.now();
    const batch = spool.listWaiting(this.#after, BATCH);
    if (batch.length < BATCH) this.#after = 0;
    return batch.filter(({ seq }) => now >= (this.#failing.get(seq)?.nextAt ?? 0));
  }

  /**
   * @param moved receives the callback if it was stored
   * @returns whether the next callback may be tried
   */
  async #move(entry: SpoolEntry, moved: SpoolEntry[]): Promise<boolean> {
    const { store, check, isOpen, isTransient, onError } = this.#options;
    try {
      await store(entry);
      moved.push(entry);
      this.#failing.delete(entry.seq);
      return true;
    } catch (error) {
      await check();
      if (!isOpen()) {
        onError(error); // Redis is unavailable again: the rest remains in the spool
        return false;
      }
      if (isTransient(error)) onError(error);
      else this.#recordFailure(entry, error);
      this.#after = entry.seq;
      return !isTransient(error);
    }
  }

  #recordFailure(entry: SpoolEntry, error: unknown): void {
    const { spool, now, onError, onSetAside } = this.#options;
    const at = performance.now();
    const { since, tries } = this.#failing.get(entry.seq) ?? { since: at, tries: 0 };
    if (tries + 1 < MIN_TRIES || at - since < SET_ASIDE_MS) {
      this.#failing.set(entry.seq, { since, tries: tries + 1, nextAt: at + RETRY_MS });
      onError(error);
      return;
    }
    spool.setAside(entry, now(), textOf(error));
    this.#failing.delete(entry.seq);
    onSetAside(entry, error);
  }

  async #reportSetAside(): Promise<void> {
    const { spool, report, onError } = this.#options;
    for (const callback of spool.aside.count === 0 ? [] : spool.aside.unreported(BATCH)) {
      try {
        await report(callback);
        spool.aside.markReported(callback);
      } catch (error) {
        onError(error); // tried again with the next batch
      }
    }
  }
}
