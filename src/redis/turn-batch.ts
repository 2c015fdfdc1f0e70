export type TurnBatchOptions<Item, Answer> = {
  /** How many items go together at most. */
  readonly limit: number;
  /** Does it for all of them; the answers in their order. What it throws reaches each of them. */
  readonly perform: (items: readonly Item[]) => Promise<readonly Answer[]>;
};

type Waiting<Item, Answer> = {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

const settle = <Item, Answer>(
  batch: readonly Waiting<Item, Answer>[],
  perform: TurnBatchOptions<Item, Answer>['perform'],
): Promise<void> =>
  perform(batch.map(({ item }) => item)).then(
    (answers) => {
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
    },
    (error: unknown) => {
      for (const { reject } of batch) reject(error);
    },
  );

/**
 * Does together what is asked for in one turn of the event loop: under load one round trip, and one sync of Redis's disk,
 * then serve many callers; a lone caller waits for nobody.
 */
export const createTurnBatch = <Item, Answer>({
  limit,
  perform,
}: TurnBatchOptions<Item, Answer>): ((item: Item) => Promise<Answer>) => {
  let waiting: Waiting<Item, Answer>[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) settle(batch, perform);
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (waiting.length >= limit) flush();
      else if (waiting.length === 1) setImmediate(flush);
    });
};
