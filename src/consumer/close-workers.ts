import type { Worker } from 'bullmq';
import { createDeadline } from '../redis/deadline.ts';

/** How long BullMQ may take to write down what was handled and to disconnect, in milliseconds. */
const LAST_WRITES_MS = 2000;

/**
 * Closes workers: they take no more, and what is being handled is finished, however long that takes. While Redis is away
 * BullMQ would then wait for it, so the connections are cut; jobs whose end could not be written come again.
 *
 * @param handling what is being handled
 */
export const closeWorkers = async (
  workers: readonly Worker[],
  handling: ReadonlySet<Promise<unknown>>,
): Promise<void> => {
  const closed = Promise.all(workers.map((worker) => worker.close()));
  const settle = (): Promise<boolean> =>
    createDeadline(LAST_WRITES_MS)
      .within(closed.then(() => true))
      .catch(() => false);
  let isClosed = false;
  do {
    await Promise.allSettled(handling);
    isClosed = await settle();
  } while (!isClosed && handling.size > 0); // a job that was on its way when it began to close
  if (isClosed) return;
  for (const { backend } of workers) backend.disconnectBlocking(false).catch(() => undefined);
};
