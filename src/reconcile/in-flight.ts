/**
 * Maps items with several calls in flight, and keeps their order. The first failure ends it; calls that are in flight then
 * are waited for.
 *
 * @param limit calls at a time
 */
export const mapInFlight = async <Item, Value>(
  items: readonly Item[],
  limit: number,
  perform: (item: Item, index: number) => Promise<Value>,
): Promise<readonly Value[]> => {
  const values: Value[] = [];
  let next = 0;
  let hasFailed = false;
  const work = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const index = next;
      next += 1;
      values[index] = await perform(items[index] as Item, index).catch((error: unknown) => {
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
