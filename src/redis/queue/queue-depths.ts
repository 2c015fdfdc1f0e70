import type { Queue } from 'bullmq';
import { jobStates, type QueueDepth } from '../../operate/ports.ts';
import { oldVersionIn } from './client-versions.ts';
import { openQueue, type QueueOptions } from './event-queue.ts';

/** BullMQ counts the jobs of a paused queue as waiting. */
const depthOf = async (name: string, queue: Queue): Promise<QueueDepth> => {
  const [jobs, [next], version] = await Promise.all([
    queue.getJobCounts(...jobStates),
    queue.getWaiting(0, 0),
    queue.getVersion(),
  ]);
  return { queue: name, jobs, nextSince: next?.timestamp ?? null, oldClient: oldVersionIn(version) };
};

/** Counts the jobs of queues. */
export class QueueDepths implements AsyncDisposable {
  readonly #queues: ReadonlyMap<string, Queue>;

  constructor(options: QueueOptions, names: readonly string[]) {
    this.#queues = new Map(names.map((name) => [name, openQueue(options, name)]));
  }

  /** @throws the error of ioredis while Redis is unavailable */
  read(): Promise<QueueDepth[]> {
    return Promise.all([...this.#queues].map(([name, queue]) => depthOf(name, queue)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }
}
