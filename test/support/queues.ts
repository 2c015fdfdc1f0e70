import { type Job, Queue } from 'bullmq';
import { onTestFinished } from 'vitest';
import type { AnyEvent } from '../../src/core/event.ts';
import type { RedisClient } from '../../src/redis/connection/connection.ts';

/** Where queues are. */
export type QueuesOf = { readonly prefix: string; readonly redis: RedisClient };

/** Opens a queue of the namespace as a merchant's worker would see it. */
export const openQueue = ({ redis, prefix }: QueuesOf, name: string): Queue<AnyEvent> => {
  const queue = new Queue<AnyEvent>(`{${name}}`, { connection: redis, prefix });
  onTestFinished(() => queue.close());
  return queue;
};

/** All jobs that wait on a queue, oldest first. */
export const waitingJobs = async (namespace: QueuesOf, name: string): Promise<Job<AnyEvent>[]> => {
  const jobs = await openQueue(namespace, name).getJobs(['waiting'], 0, -1, true);
  return jobs as Job<AnyEvent>[];
};

/** The events that wait on a queue, oldest first. */
export const waitingEvents = async (namespace: QueuesOf, name: string): Promise<AnyEvent[]> =>
  (await waitingJobs(namespace, name)).map(({ data }) => data);
