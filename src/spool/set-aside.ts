import type { SetAside, SetAsideCallback } from '../receive/ports.ts';
import type { DurableFile } from './durable-file.ts';
import type { SpoolEntry, SpoolTable } from './spool-table.ts';

export type SetAsideOptions = {
  readonly file: DurableFile;
  readonly table: SpoolTable;
  /** Called when a callback is waiting again. */
  readonly onRetried: () => void;
  readonly onDiscarded: (callback: SetAsideCallback) => void;
};

/** Callbacks of a spool that could not be moved to Redis. They remain on disk until an operator decides. */
export class SqliteSetAside implements SetAside {
  readonly #options: SetAsideOptions;
  #count: number;

  constructor(options: SetAsideOptions) {
    this.#options = options;
    this.#count = options.table.totals().setAside;
  }

  get count(): number {
    return this.#count;
  }

  add({ seq }: SpoolEntry, at: number, reason: string): void {
    const { file, table } = this.#options;
    file.commitAnyway(() => table.setAside(seq, at, reason));
    this.#count += 1;
  }

  list(limit: number): readonly SetAsideCallback[] {
    return this.#options.table.listSetAside({ limit, isUnreported: false });
  }

  /** Callbacks that no finding reports yet. */
  unreported(limit: number): readonly SetAsideCallback[] {
    return this.#options.table.listSetAside({ limit, isUnreported: true });
  }

  markReported({ seq }: SetAsideCallback): void {
    const { file, table } = this.#options;
    file.commitAnyway(() => table.markReported(seq));
  }

  retry(seq: number): boolean {
    const { file, table, onRetried } = this.#options;
    if (!file.commitAnyway(() => table.release(seq))) return false;
    this.#count -= 1;
    onRetried();
    return true;
  }

  discard(seq: number): boolean {
    const { file, table, onDiscarded } = this.#options;
    const callback = table.findSetAside(seq);
    if (callback === null) return false;
    file.commitAnyway(() => table.delete(seq));
    this.#count -= 1;
    onDiscarded(callback);
    return true;
  }
}
