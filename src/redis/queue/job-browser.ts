import type { Job, Queue } from 'bullmq';
import type { AnyEvent } from '../../core/event.ts';
import { eventJobOptions } from '../../core/queues.ts';
import { type JobBrowser, type JobState, jobStates, type StoredJob } from '../../operate/ports.ts';
import { openQueue, type QueueOptions } from './event-queue.ts';

const PAGE = 100;

/** BullMQ's names of states that operators know under other names. */
const STATE_NAMES: ReadonlyMap<string, JobState> = new Map([
  ['prioritized', 'waiting'],
  ['waiting-children', 'waiting'],
]);

/** Id of a replay's job: one per event, so that two operators create only one job. */
const replayJobId = (eventId: string): string => `${eventId}-replay`;

const withoutBraces = (name: string): string => name.slice(1, -1);

const storedJob = (job: Job<AnyEvent>): StoredJob => ({
  queue: withoutBraces(job.queueName),
  id: job.id ?? '',
  event: job.data,
  attempts: job.attemptsMade,
  failedReason: job.failedReason ?? null,
  addedAt: job.timestamp,
  startedAt: job.processedOn ?? null,
  endedAt: job.finishedOn ?? null,
});

/** A {@link JobBrowser} on BullMQ. Each queue is opened at its first use. */
export class BullJobBrowser implements JobBrowser, AsyncDisposable {
  readonly #options: QueueOptions;
  readonly #queues = new Map<string, Queue<AnyEvent>>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** BullMQ's own queue. */
  queue(name: string): Queue<AnyEvent> {
    const queue = this.#queues.get(name) ?? openQueue(this.#options, name);
    this.#queues.set(name, queue);
    return queue;
  }

  async find(name: string, eventId: string): Promise<StoredJob | null> {
    const queue = this.queue(name);
    for (const getId of [() => replayJobId(eventId), () => eventId, () => queue.getDeduplicationJobId(eventId)]) {
      const id = await getId();
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
