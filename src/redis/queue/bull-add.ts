import { Queue } from 'bullmq';
import type { AnyEvent } from '../../core/event.ts';
import { eventJobOptions } from '../../core/queues.ts';
import type { RedisClient } from '../connection/connection.ts';
import { loadScript } from '../lua-script.ts';
import type { AddEvents, Added, NewJob } from './add-events.ts';

/**
 * Whether a job was added although its script failed half-way: BullMQ sets the deduplication key first and adds the job to a
 * list later. A job on a list was added. If it is on none, the key would make every repeat a duplicate, so it is removed.
 */
const isOnList = async (queue: Queue, id: string, jobId: string): Promise<boolean> => {
  if ((await queue.getDeduplicationJobId(id)) !== jobId) return false;
  const state = await queue.getJobState(jobId).catch(() => 'unknown');
  if (state !== 'unknown') return true;
  await queue.removeDeduplicationKey(id);
  return false;
};

/**
 * Adds events with BullMQ's own `add`, one call for each and without histories: for a BullMQ version whose script ours has
 * not been proved equal to. Costs Redis twice as much.
 *
 * @param prefix first part of every key
 */
export const createBullAdd = (redis: RedisClient, prefix: string, deduplicationMs: number): AddEvents => {
  const report = loadScript<string>(redis, 'report-persistence');
  const queues = new Map<string, Queue>();
  const open = (name: string): Queue => {
    const queue = queues.get(name) ?? new Queue<AnyEvent>(name, { connection: redis, prefix, skipVersionCheck: true });
    if (!queues.has(name)) queue.on('error', () => undefined); // an error that matters rejects the call
    queues.set(name, queue);
    return queue;
  };

  const add = async ({ queue: name, jobId, event, deduplicationId: id = event.id, context }: NewJob) => {
    const queue = open(name);
    const deduplication = { id, ttl: deduplicationMs };
    const traced = context === undefined ? {} : { telemetry: { metadata: context } };
    try {
      const job = await queue.add(event.type, event, { ...eventJobOptions, jobId, deduplication, ...traced });
      return job.id === jobId ? 'added' : 'duplicate';
    } catch (error) {
      if (await isOnList(queue, id, jobId).catch(() => false)) return 'added';
      return error instanceof Error ? error : new Error(String(error));
    }
  };

  return async (jobs) => {
    const answers: (Added | Error)[] = await Promise.all(jobs.map(add));
    const [{ queue } = { queue: '' }] = jobs;
    return { answers, report: await report([`${prefix}:${queue}:meta`], []) };
  };
};
