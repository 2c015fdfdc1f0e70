import type { Worker } from 'bullmq';
import type { RedisClient } from '../redis/connection/connection.ts';
import { createDeadline } from '../redis/deadline.ts';

/** How long BullMQ may take to record finished jobs and to disconnect, in milliseconds. */
const LAST_WRITES_MS = 2000;

/** How long Redis may take to answer before it counts as unavailable, in milliseconds. */
const PING_MS = 1000;

/** Whether Redis answers now: the status of a connection is late to show that Redis has gone. */
const answers = (redis: RedisClient): Promise<boolean> =>
  redis.status !== 'ready'
    ? Promise.resolve(false)
    : createDeadline(PING_MS)
        .within(redis.ping().then(() => true))
        .catch(() => false);

/** Whether the work finished in time. */
const finishWithin = (work: Promise<unknown>): Promise<boolean> =>
  createDeadline(LAST_WRITES_MS)
    .within(work.then(() => true))
    .catch(() => false);

export type Closing = {
  readonly workers: readonly Worker[];
  /** Jobs that are being handled. */
  readonly handling: ReadonlySet<Promise<unknown>>;
  readonly redis: RedisClient;
};

/**
 * Closes workers: they take no more jobs and finish the ones in progress, however long that takes. While Redis is
 * unavailable BullMQ would wait for it, so the connections are cut; jobs whose end could not be recorded run again.
 */
export const closeWorkers = async ({ workers, handling, redis }: Closing): Promise<void> => {
  if (!(await answers(redis))) {
    await Promise.allSettled(handling);
    await finishWithin(Promise.all(workers.map((worker) => worker.close(true))));
    return;
  }
  const closed = Promise.all(workers.map((worker) => worker.close()));
  let isClosed = false;
  do {
    await Promise.allSettled(handling);
    isClosed = await finishWithin(closed);
  } while (!isClosed && handling.size > 0); // a job that arrived while the worker began to close
  if (isClosed) return;
  for (const { backend } of workers) backend.disconnectBlocking(false).catch(() => undefined);
};
