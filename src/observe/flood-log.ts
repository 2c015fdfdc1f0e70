import type { Logger } from './logger.ts';

/** One line about a request that was refused. */
export type RefusalLine = {
  readonly source: string;
  readonly reason: string;
  readonly [field: string]: unknown;
};

type Flood = { written: number; hidden: number; last: RefusalLine; readonly message: string };

/** Lines written each second for one address and reason; the others of that second become one line with their count. */
const LINES_PER_SECOND = 10;
const SECOND_MS = 1000;
/** Maximum number of floods counted separately; further ones are counted together, as from {@link VARIOUS}. */
const MAX_FLOODS = 10_000;
const VARIOUS = 'various';

/** Writes lines about refused requests. A flood of them becomes one line per second and address, with its count. */
export class FloodLog implements Disposable {
  readonly #logger: Logger;
  #floods = new Map<string, Flood>();
  #timer: NodeJS.Timeout | null = null;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  write(line: RefusalLine, message: string): void {
    const flood = this.#floodOf(line, message);
    flood.last = line;
    if (flood.written < LINES_PER_SECOND) {
      flood.written += 1;
      this.#logger.warn(line, message);
    } else {
      flood.hidden += 1;
    }
    this.#timer ??= setTimeout(() => this.#flush(), SECOND_MS).unref();
  }

  /** Writes the pending counts. */
  [Symbol.dispose](): void {
    this.#flush();
  }

  #floodOf(line: RefusalLine, message: string): Flood {
    const { source, reason } = line;
    const isFull = this.#floods.size >= MAX_FLOODS;
    const key = `${message} ${reason} ${source}`;
    const known = this.#floods.get(key);
    if (known !== undefined) return known;
    if (isFull && source !== VARIOUS) return this.#floodOf({ source: VARIOUS, reason }, message);
    const flood = { written: 0, hidden: 0, last: line, message };
    this.#floods.set(key, flood);
    return flood;
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const floods = this.#floods;
    this.#floods = new Map();
    for (const { hidden, last, message } of floods.values()) {
      if (hidden > 0) this.#logger.warn({ ...last, count: hidden }, message);
    }
  }
}
