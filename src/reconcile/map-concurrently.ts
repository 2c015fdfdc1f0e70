/**
 * Maps items concurrently and keeps their order. After the first failure no further calls start; those in flight are
 * awaited before the promise rejects.
 *
 * @param limit maximum number of concurrent calls
 */
export const mapConcurrently = async <Item, Value>(
  items: readonly Item[],
  limit: number,
  perform: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> => {
  const values: Value[] = [];
  let next = 0;
  let hasFailed = false;
  const work = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const index = next;
      next += 1;
      values[index] = await perform(items[index] as Item).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, work);
  const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return values;
};
