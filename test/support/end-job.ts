import { type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Namespace } from './namespace.ts';

const TOKEN = 'token';

const endNext = async (
  { redis, prefix }: Namespace,
  queue: string,
  end: (job: Job | undefined) => Promise<unknown> | undefined,
): Promise<void> => {
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  const worker = new Worker(queue, null, { connection, prefix });
  await end(await worker.getNextJob(TOKEN));
  await worker.close();
  connection.disconnect();
};

/** Fails the next job of a queue for good, as a worker would. */
export const giveUp = (namespace: Namespace, queue: string): Promise<void> =>
  endNext(namespace, queue, (job) => job?.moveToFailed(new UnrecoverableError('no such order'), TOKEN, false));

/** Completes the next job of a queue, as a worker would. */
export const complete = (namespace: Namespace, queue: string): Promise<void> =>
  endNext(namespace, queue, (job) => job?.moveToCompleted(null, TOKEN, false));
