import type { Job, Queue } from 'bullmq';
import type { AnyEvent } from '../../core/event.ts';
import { eventJobOptions } from '../../core/queues.ts';
import { type JobBrowser, type JobState, jobStates, type StoredJob } from '../../operate/ports.ts';
import { openQueue, type QueueOptions } from './event-queue.ts';

const PAGE = 100;

/** States of BullMQ that operators know under another name. */
const STATE_NAMES: ReadonlyMap<string, JobState> = new Map([
  ['prioritized', 'waiting'],
  ['waiting-children', 'waiting'],
]);

/** Id of the job that a replay makes: one for each event, so that two operators make one. */
const replayJobId = (eventId: string): string => `${eventId}-replay`;

/** A queue's name without the braces that keep it in one slot. */
const plain = (name: string): string => name.slice(1, -1);

const storedJob = (job: Job<AnyEvent>): StoredJob => ({
  queue: plain(job.queueName),
  id: job.id ?? '',
  event: job.data,
  attempts: job.attemptsMade,
  failedReason: job.failedReason ?? null,
  addedAt: job.timestamp,
  startedAt: job.processedOn ?? null,
  endedAt: job.finishedOn ?? null,
});

/** A {@link JobBrowser} over the queues of BullMQ, each opened at its first use. */
export class BullJobBrowser implements JobBrowser, AsyncDisposable {
  readonly #options: QueueOptions;
  readonly #queues = new Map<string, Queue<AnyEvent>>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** The queue as BullMQ sees it. */
  queue(name: string): Queue<AnyEvent> {
    const queue = this.#queues.get(name) ?? openQueue(this.#options, name);
    this.#queues.set(name, queue);
    return queue;
  }

  async find(name: string, eventId: string): Promise<StoredJob | null> {
    const queue = this.queue(name);
    for (const find of [() => replayJobId(eventId), () => eventId, () => queue.getDeduplicationJobId(eventId)]) {
      const id = await find();
      const job = id === null ? undefined : await queue.getJob(id);
      if (job !== undefined) return storedJob(job);
    }
    return null;
  }

  async stateOf({ queue, id }: StoredJob): Promise<JobState | 'unknown'> {
    const state = await this.queue(queue).getJobState(id);
    return STATE_NAMES.get(state) ?? jobStates.find((known) => known === state) ?? 'unknown';
  }

  async *list(name: string, state: 'waiting' | 'failed'): AsyncGenerator<StoredJob> {
    const queue = this.queue(name);
    const ids: string[] = [];
    for (let start = 0; ; start += PAGE) {
      const page = await queue.getJobs([state], start, start + PAGE - 1, true);
      ids.push(...page.flatMap(({ id }) => (id === undefined ? [] : [id])));
      if (page.length < PAGE) break;
    }
    for (const id of ids) {
      const job = await queue.getJob(id);
      if (job !== undefined) yield storedJob(job);
    }
  }

  async latest(name: string, limit: number): Promise<readonly StoredJob[]> {
    const jobs = await this.queue(name).getJobs([...jobStates], 0, limit - 1, false);
    const newestFirst = jobs.toSorted((a, b) => b.timestamp - a.timestamp);
    return newestFirst.slice(0, limit).map(storedJob);
  }

  async retry({ queue, id }: StoredJob): Promise<void> {
    await (await this.queue(queue).getJob(id))?.retry('failed', {
      resetAttemptsMade: true,
      resetAttemptsStarted: true,
    });
  }

  async remove({ queue, id }: StoredJob): Promise<void> {
    await (await this.queue(queue).getJob(id))?.remove();
  }

  async forget(job: StoredJob): Promise<void> {
    await this.remove(job);
    await this.queue(job.queue).removeDeduplicationKey(job.event.id);
  }

  async addReplay(name: string, event: AnyEvent): Promise<void> {
    const queue = this.queue(name);
    const jobId = replayJobId(event.id);
    await (await queue.getJob(jobId))?.remove();
    await queue.add(event.type, event, { ...eventJobOptions, jobId });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }
}
