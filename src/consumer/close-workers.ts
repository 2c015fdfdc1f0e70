import type { Worker } from 'bullmq';
import type { RedisClient } from '../redis/connection/connection.ts';
import { createDeadline } from '../redis/deadline.ts';

/** How long BullMQ may take to write down what was handled and to disconnect, in milliseconds. */
const LAST_WRITES_MS = 2000;

/** How long Redis may take to answer before it counts as away, in milliseconds. */
const PING_MS = 1000;

/** Whether Redis answers now: the state of a connection says so late when Redis has just gone. */
const answers = (redis: RedisClient): Promise<boolean> =>
  redis.status !== 'ready'
    ? Promise.resolve(false)
    : createDeadline(PING_MS)
        .within(redis.ping().then(() => true))
        .catch(() => false);

/** Whether it was done in time. */
const settleWithin = (work: Promise<unknown>): Promise<boolean> =>
  createDeadline(LAST_WRITES_MS)
    .within(work.then(() => true))
    .catch(() => false);

export type Closing = {
  readonly workers: readonly Worker[];
  /** What is being handled. */
  readonly handling: ReadonlySet<Promise<unknown>>;
  readonly redis: RedisClient;
};

/**
 * Closes workers: they take no more, and what is being handled is finished, however long that takes. While Redis is away
 * BullMQ would then wait for it, so the connections are cut; jobs whose end could not be written come again.
 */
export const closeWorkers = async ({ workers, handling, redis }: Closing): Promise<void> => {
  if (!(await answers(redis))) {
    await Promise.allSettled(handling);
    await settleWithin(Promise.all(workers.map((worker) => worker.close(true))));
    return;
  }
  const closed = Promise.all(workers.map((worker) => worker.close()));
  let isClosed = false;
  do {
    await Promise.allSettled(handling);
    isClosed = await settleWithin(closed);
  } while (!isClosed && handling.size > 0); // a job that was on its way when it began to close
  if (isClosed) return;
  for (const { backend } of workers) backend.disconnectBlocking(false).catch(() => undefined);
};
