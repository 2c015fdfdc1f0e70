export type TickBatchOptions<Item, Answer> = {
  /** Maximum number of items per batch. With 1, each item is sent alone and at once. */
  readonly limit: number;
  /**
   * Processes a batch and returns the answers in the order of the items. An Error rejects its own item only, and a promise
   * delays its own item only. If `perform` throws, every item is rejected.
   */
  readonly perform: (items: readonly Item[]) => Promise<readonly (Answer | Error | Promise<Answer>)[]>;
  /** Keeps an answered batch in flight until it resolves. */
  readonly untilDone?: (items: readonly Item[]) => Promise<unknown>;
};

type PendingItem<Item, Answer> = {
  readonly item: Item;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
  readonly reject: (error: unknown) => void;
};

/** How long an item waits for the batch before it, or for other items, in milliseconds: either may hang. */
const MAX_WAIT_MS = 25;

/** Waits for all promises, so that their callers can continue together, but gives up on slow ones after `MAX_WAIT_MS`. */
export const waitBriefly = (promises: readonly Promise<unknown>[]): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, MAX_WAIT_MS);
    Promise.allSettled(promises).then(() => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Batches calls made in one event-loop tick. Under load, many callers share one round trip and one sync of Redis's disk; a
 * lone caller does not wait.
 *
 * Its state is the pending items and the number of batches in flight, usually 0 or 1. The first of these events sends all
 * pending items as one batch:
 *
 * - **idle**: nothing is in flight. The first item schedules a flush for the end of its tick, and later ones join it.
 * - **busy**: a batch is in flight. Items accumulate until it is answered, and are sent at the end of that tick.
 * - **stuck**: the batch in flight is not answered within `MAX_WAIT_MS` of the first pending item. Its timer sends the
 *   items anyway, so that a call that hangs delays nobody else.
 * - **full**: `limit` items are pending. They are sent at once, whatever is in flight.
 *
 * A flush takes all pending items and clears the timer, so a late flush finds nothing to do.
 */
class TickBatch<Item, Answer> {
  readonly #options: TickBatchOptions<Item, Answer>;
  #pending: PendingItem<Item, Answer>[] = [];
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TickBatchOptions<Item, Answer>) {
    this.#options = options;
  }

  add(pending: PendingItem<Item, Answer>): void {
    this.#pending.push(pending);
    if (this.#pending.length >= this.#options.limit) this.#flush();
    else if (this.#pending.length === 1) this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    if (this.#inFlight === 0) setImmediate(() => this.#flush());
    else this.#timer = setTimeout(() => this.#flush(), MAX_WAIT_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    const batch = this.#pending;
    this.#pending = [];
    if (batch.length > 0) this.#send(batch);
  }

  async #send(batch: readonly PendingItem<Item, Answer>[]): Promise<void> {
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
    if (this.#inFlight === 0 && this.#pending.length > 0) setImmediate(() => this.#flush());
  }
}

/** Returns a function that processes each item it is called with in a {@link TickBatch}. */
export const createTickBatch = <Item, Answer>(
  options: TickBatchOptions<Item, Answer>,
): ((item: Item) => Promise<Answer>) => {
  const batch = new TickBatch(options);
  return (item) => new Promise((resolve, reject) => batch.add({ item, resolve, reject }));
};
