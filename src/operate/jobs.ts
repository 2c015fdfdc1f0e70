import type { Job, Queue } from 'bullmq';
import type { AnyEvent } from '../core/event.ts';
import { openQueue, type QueueOptions } from '../redis/queue/event-queue.ts';
import type { JobSummary } from './operations.ts';

const PAGE = 100;

/** Gives the queue of a name, opened at its first use. */
export type OpenQueue = (name: string) => Queue<AnyEvent>;

/** Opens queues as they are asked for; they are closed with the stack. */
export const openQueues = (stack: AsyncDisposableStack, options: QueueOptions): OpenQueue => {
  const opened = new Map<string, Queue<AnyEvent>>();
  return (name) => {
    const queue = opened.get(name) ?? openQueue(options, name);
    if (!opened.has(name)) stack.defer(() => queue.close());
    opened.set(name, queue);
    return queue;
  };
};

/** Every job that is in a state when this is called, the oldest first. */
export async function* jobsIn(queue: Queue<AnyEvent>, state: 'waiting' | 'failed'): AsyncGenerator<Job<AnyEvent>> {
  const ids: string[] = [];
  for (let start = 0; ; start += PAGE) {
    const page = await queue.getJobs([state], start, start + PAGE - 1, true);
    ids.push(...page.flatMap(({ id }) => (id === undefined ? [] : [id])));
    if (page.length < PAGE) break;
  }
  for (const id of ids) {
    const job = await queue.getJob(id);
    if (job !== undefined) yield job;
  }
}

/** Id of the job that a replay makes: one for each event, so that two operators make one. */
export const replayJobId = (eventId: string): string => `${eventId}-replay`;

/** The job of an event, the one of its replay first; null where it is gone. */
export const jobOf = async (queue: Queue<AnyEvent>, eventId: string): Promise<Job<AnyEvent> | null> => {
  const replayed = await queue.getJob(replayJobId(eventId));
  if (replayed !== undefined) return replayed;
  const id = await queue.getDeduplicationJobId(eventId);
  return (id === null ? undefined : await queue.getJob(id)) ?? null;
};

/** A queue's name without the braces that keep it in one slot. */
const plain = (name: string): string => name.slice(1, -1);

export const summaryOf = async (job: Job<AnyEvent>): Promise<JobSummary> => ({
  queue: plain(job.queueName),
  eventId: job.data.id,
  type: job.data.type,
  subject: job.data.subject,
  state: await job.getState(),
  attempts: job.attemptsMade,
  failedReason: job.failedReason ?? null,
});
