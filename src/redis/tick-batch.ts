export type TickBatchOptions<Item, Answer> = {
  /** Most items of one batch. With 1, each goes alone and at once. */
  readonly limit: number;
  /**
   * Processes a batch; the answers are in the order of the items. An answer that is an Error fails its item and no other
   * one; what `perform` throws fails all of them. One that is a promise keeps no other item waiting.
   */
  readonly perform: (items: readonly Item[]) => Promise<readonly (Answer | Error | Promise<Answer>)[]>;
  /** Until when a batch is in flight, where that is longer than until its answers. */
  readonly untilDone?: (items: readonly Item[]) => Promise<unknown>;
};

type Waiting<Item, Answer> = {
  readonly item: Item;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
  readonly reject: (error: unknown) => void;
};

/** How long items may wait for the batch before them, or for each other, which may hang. Milliseconds. */
const MAX_WAIT_MS = 25;

/** Waits until all are answered, so that what follows goes together; no longer than items may wait for each other. */
export const untilAnswered = (all: readonly Promise<unknown>[]): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, MAX_WAIT_MS);
    Promise.allSettled(all).then(() => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Batches calls made in one event-loop tick. Under load one round trip, and one sync of Redis's disk, serve many callers;
 * a lone caller waits for nobody.
 *
 * There are always items that wait (`#waiting`, perhaps none) and batches that were sent and have no answer yet
 * (`#inFlight`, mostly none or one). Waiting items are sent as one batch by whichever of these comes first:
 *
 * - **idle**: nothing is in flight. The first item plans a flush at the end of this tick, and every item of the tick joins.
 * - **busy**: a batch is in flight. Items gather until it is answered; then they go at the end of that tick.
 * - **stuck**: the batch in flight is not answered within MAX_WAIT_MS. A timer, set by the first item that waits, sends
 *   them beside it: one call that hangs holds nobody up.
 * - **full**: `limit` items wait. They go at once, whatever is in flight.
 *
 * A flush takes everything that waits and clears the timer, so one that comes late finds nothing and does nothing.
 */
class TickBatch<Item, Answer> {
  readonly #options: TickBatchOptions<Item, Answer>;
  #waiting: Waiting<Item, Answer>[] = [];
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TickBatchOptions<Item, Answer>) {
    this.#options = options;
  }

  add(entry: Waiting<Item, Answer>): void {
    this.#waiting.push(entry);
    if (this.#waiting.length >= this.#options.limit) this.#flush();
    else if (this.#waiting.length === 1) this.#planFlush();
  }

  #planFlush(): void {
    if (this.#inFlight === 0) setImmediate(() => this.#flush());
    else this.#timer = setTimeout(() => this.#flush(), MAX_WAIT_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) this.#send(batch);
  }

  async #send(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const items = batch.map(({ item }) => item);
    this.#inFlight += 1;
    try {
      const answers = await this.#options.perform(items);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index];
        if (answer instanceof Error) reject(answer);
        else resolve(answer as Answer | Promise<Answer>);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    await this.#options.untilDone?.(items);
    this.#inFlight -= 1;
    if (this.#inFlight === 0 && this.#waiting.length > 0) setImmediate(() => this.#flush());
  }
}

/** Returns a function that processes each item it is called with in a {@link TickBatch}. */
export const createTickBatch = <Item, Answer>(
  options: TickBatchOptions<Item, Answer>,
): ((item: Item) => Promise<Answer>) => {
  const batch = new TickBatch(options);
  return (item) => new Promise((resolve, reject) => batch.add({ item, resolve, reject }));
};
