import type { Worker } from 'bullmq';
import type { RedisClient } from '../redis/connection/connection.ts';
import { createDeadline } from '../redis/deadline.ts';

/** How long BullMQ may take to record finished jobs and to disconnect, in milliseconds. */
const LAST_WRITES_MS = 2000;

/** How long Redis may take to answer before it counts as unavailable, in milliseconds. */
const PING_MS = 1000;

/** Pings Redis, because the status of a connection shows an outage only after a while. */
const isResponsive = (redis: RedisClient): Promise<boolean> =>
  redis.status !== 'ready'
    ? Promise.resolve(false)
    : createDeadline(PING_MS)
        .within(redis.ping().then(() => true))
        .catch(() => false);

/** Whether the work finishes in time. */
const finishWithin = (work: Promise<unknown>): Promise<boolean> =>
  createDeadline(LAST_WRITES_MS)
    .within(work.then(() => true))
    .catch(() => false);

type CloseOptions = {
  readonly workers: readonly Worker[];
  /** Jobs in progress. */
  readonly inFlight: ReadonlySet<Promise<unknown>>;
  readonly redis: RedisClient;
};

/**
 * Closes workers: they take no more jobs and finish those in progress, however long that takes. BullMQ would wait for an
 * unavailable Redis, so its connections are cut instead; jobs whose end could not be recorded run again.
 */
export const closeWorkers = async ({ workers, inFlight, redis }: CloseOptions): Promise<void> => {
  if (!(await isResponsive(redis))) {
    await Promise.allSettled(inFlight);
    await finishWithin(Promise.all(workers.map((worker) => worker.close(true))));
    return;
  }
  const closed = Promise.all(workers.map((worker) => worker.close()));
  let isClosed = false;
  do {
    await Promise.allSettled(inFlight);
    isClosed = await finishWithin(closed);
  } while (!isClosed && inFlight.size > 0); // a job can arrive while the worker begins to close
  if (isClosed) return;
  for (const { backend } of workers) backend.disconnectBlocking(false).catch(() => undefined);
};
