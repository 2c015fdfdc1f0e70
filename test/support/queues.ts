import { type Job, Queue } from 'bullmq';
import { onTestFinished } from 'vitest';
import type { AnyEvent } from '../../src/core/event.ts';
import type { RedisClient } from '../../src/redis/connection/connection.ts';

/** A Redis and the prefix of its queues. */
export type QueueLocation = { readonly prefix: string; readonly redis: RedisClient };

/** Opens a queue as a merchant's worker sees it. */
export const openQueue = ({ redis, prefix }: QueueLocation, name: string): Queue<AnyEvent> => {
  const queue = new Queue<AnyEvent>(`{${name}}`, { connection: redis, prefix });
  onTestFinished(() => queue.close());
  return queue;
};

/** All jobs that wait on a queue, oldest first. */
export const waitingJobs = async (location: QueueLocation, name: string): Promise<Job<AnyEvent>[]> => {
  const jobs = await openQueue(location, name).getJobs(['waiting'], 0, -1, true);
  return jobs as Job<AnyEvent>[];
};

/** The events that wait on a queue, oldest first. */
export const waitingEvents = async (location: QueueLocation, name: string): Promise<AnyEvent[]> =>
  (await waitingJobs(location, name)).map(({ data }) => data);
