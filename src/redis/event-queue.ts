import { randomBytes } from 'node:crypto';
import { Queue, type Telemetry } from 'bullmq';
import type { AnyEvent } from '../core/event.ts';
import type { EventQueue } from '../receive/ports.ts';
import type { RedisClient } from './connection.ts';
import { withoutContents } from './private-telemetry.ts';

const DAY_S = 24 * 60 * 60;

/** How jobs are retried and kept: part of the contract with the consumers. */
export const JOB_OPTIONS = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  removeOnComplete: { age: DAY_S, count: 10_000 },
  removeOnFail: { age: 30 * DAY_S },
} as const;

export type EventQueueOptions = {
  readonly redis: RedisClient;
  /** First part of every key. */
  readonly prefix: string;
  /** How long an event id is remembered, in milliseconds. */
  readonly deduplicationMs: number;
  /** Queues to open at once, so that the first event on them is as fast as the rest. */
  readonly names: readonly string[];
  /** Waits until replicas have what was written; does nothing where no replicas are asked for. */
  readonly replicated: () => Promise<void>;
  readonly onError: (error: Error) => void;
  /** Traces what is enqueued; absent where nothing is traced. */
  readonly telemetry?: Telemetry | undefined;
};

/** The name of a queue as BullMQ and its consumers write it: braces keep it in one hash slot of Redis Cluster. */
export const braced = (name: string): string => `{${name}}`;

export type QueueOptions = Pick<EventQueueOptions, 'redis' | 'prefix' | 'onError' | 'telemetry'>;

/** A queue as BullMQ sees it. */
export const openQueue = <Data = AnyEvent>(options: QueueOptions, name: string): Queue<Data> => {
  const { redis: connection, prefix, onError, telemetry } = options;
  const traced = telemetry === undefined ? {} : { telemetry: withoutContents(telemetry) };
  const queue = new Queue<Data>(braced(name), { connection, prefix, skipVersionCheck: true, ...traced });
  queue.on('error', onError);
  return queue;
};

/** Opens a queue for one use: one whose first connection broke half-way would stay broken. */
export const withQueue = async <Data>(
  options: QueueOptions,
  name: string,
  use: (queue: Queue<Data>) => Promise<unknown>,
): Promise<void> => {
  const queue = openQueue<Data>(options, name);
  try {
    await use(queue);
  } finally {
    await queue.close();
  }
};

/** An {@link EventQueue} on BullMQ. */
export class BullEventQueue implements EventQueue {
  readonly #options: EventQueueOptions;
  readonly #queues = new Map<string, Queue>();
  /** Makes job ids that nobody else makes: an id that comes back other than ours is that of an earlier event. */
  readonly #run = randomBytes(6).toString('hex');
  #count = 0;

  constructor(options: EventQueueOptions) {
    this.#options = options;
    for (const name of options.names) this.#queue(name);
  }

  async enqueue(queue: string, event: AnyEvent): Promise<'added' | 'duplicate'> {
    this.#count += 1;
    const jobId = `${event.id}-${this.#run}-${this.#count.toString(36)}`;
    const deduplication = { id: event.id, ttl: this.#options.deduplicationMs };
    const job = await this.#queue(queue).add(event.type, event, { ...JOB_OPTIONS, jobId, deduplication });
    // Also after a duplicate: the first one may have been stored without reaching the replicas.
    await this.#options.replicated();
    return job.id === jobId ? 'added' : 'duplicate';
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }

  #queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = openQueue(this.#options, name);
    // A queue whose first connection broke half-way stays broken, so the next event gets a new one.
    queue.waitUntilReady().catch(() => this.#queues.delete(name));
    this.#queues.set(name, queue);
    return queue;
  }
}
