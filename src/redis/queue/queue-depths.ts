import type { Queue } from 'bullmq';
import { openQueue, type QueueOptions } from './event-queue.ts';

/** The states of a job that operators look at. BullMQ counts the jobs of a paused queue as waiting. */
const STATES = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const;

export type QueueDepth = {
  readonly queue: string;
  readonly jobs: Readonly<Record<string, number>>;
  /** When the job that a worker would take next was put there; milliseconds since 1970, null when none waits. */
  readonly nextSince: number | null;
};

const depthOf = async (name: string, queue: Queue): Promise<QueueDepth> => {
  const [jobs, [next]] = await Promise.all([queue.getJobCounts(...STATES), queue.getWaiting(0, 0)]);
  return { queue: name, jobs, nextSince: next?.timestamp ?? null };
};

/** How full the queues are. */
export class QueueDepths implements AsyncDisposable {
  readonly #queues: ReadonlyMap<string, Queue>;

  constructor(options: QueueOptions, names: readonly string[]) {
    this.#queues = new Map(names.map((name) => [name, openQueue(options, name)]));
  }

  /** @throws what ioredis throws, while Redis is away */
  read(): Promise<QueueDepth[]> {
    return Promise.all([...this.#queues].map(([name, queue]) => depthOf(name, queue)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }
}
