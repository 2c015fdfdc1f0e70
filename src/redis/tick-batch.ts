export type TickBatchOptions<Item, Answer> = {
  /** How many items go together at most; one goes alone and at once. */
  readonly limit: number;
  /** Does it for all of them; the answers in their order. What it throws reaches each of them. */
  readonly perform: (items: readonly Item[]) => Promise<readonly Answer[]>;
};

type Waiting<Item, Answer> = {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

/** A batch never waits longer for the one before it, which may hang. Milliseconds. */
const PATIENCE_MS = 25;

/**
 * Does together what is asked for in one turn of the event loop, and while the batch before is under way: so under load
 * one round trip, and one sync of Redis's disk, serve many callers, and a lone caller waits for nobody.
 */
class TickBatch<Item, Answer> {
  readonly #options: TickBatchOptions<Item, Answer>;
  #waiting: Waiting<Item, Answer>[] = [];
  #underWay = 0;
  #patience: NodeJS.Timeout | undefined;

  constructor(options: TickBatchOptions<Item, Answer>) {
    this.#options = options;
  }

  add(entry: Waiting<Item, Answer>): void {
    this.#waiting.push(entry);
    if (this.#waiting.length >= this.#options.limit) this.#flush();
    else if (this.#waiting.length === 1) this.#plan();
  }

  #plan(): void {
    if (this.#underWay === 0) setImmediate(() => this.#flush());
    else this.#patience = setTimeout(() => this.#flush(), PATIENCE_MS);
  }

  #flush(): void {
    clearTimeout(this.#patience);
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) this.#send(batch);
  }

  async #send(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    this.#underWay += 1;
    try {
      const answers = await this.#options.perform(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.#underWay -= 1;
    if (this.#underWay === 0 && this.#waiting.length > 0) setImmediate(() => this.#flush());
  }
}

/** A function that does what {@link TickBatch} says for each item that it is called with. */
export const createTickBatch = <Item, Answer>(
  options: TickBatchOptions<Item, Answer>,
): ((item: Item) => Promise<Answer>) => {
  const batch = new TickBatch(options);
  return (item) => new Promise((resolve, reject) => batch.add({ item, resolve, reject }));
};
