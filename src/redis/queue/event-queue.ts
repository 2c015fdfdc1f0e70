import { randomBytes } from 'node:crypto';
import { Queue, type Span, SpanKind, type Telemetry, TelemetryAttributes, trace } from 'bullmq';
import { Cluster } from 'ioredis';
import type { AnyEvent } from '../../core/event.ts';
import type { EventQueue } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createTickBatch } from '../tick-batch.ts';
import { type Added, createAddEvents, type NewJob } from './add-events.ts';
import { redactTelemetry } from './private-telemetry.ts';

export type EventQueueOptions = {
  readonly redis: RedisClient;
  /** First part of every key. */
  readonly prefix: string;
  /** How long an event id is remembered, in milliseconds. */
  readonly deduplicationMs: number;
  /** Waits until replicas have what was written. By default nothing is waited for. */
  readonly waitForReplicas?: () => Promise<void>;
  /**
   * Confirms that a write counts as stored, from what Redis reported about its append-only file together with it; rejects
   * where it does not count. By default every write counts.
   */
  readonly confirm?: (report: string) => Promise<void>;
  /** Traces what is enqueued; absent where nothing is traced. */
  readonly telemetry?: Telemetry | undefined;
};

/** Events of one call. Redis is blocked while the script runs, so keep it small. */
const BATCH = 64;

/** The name of a queue as BullMQ and its consumers write it: braces keep it in one hash slot of Redis Cluster. */
export const braced = (name: string): string => `{${name}}`;

export type QueueOptions = Pick<EventQueueOptions, 'redis' | 'prefix' | 'telemetry'> & {
  readonly onError: (error: Error) => void;
};

/** A queue as BullMQ sees it. */
export const openQueue = <Data = AnyEvent>(options: QueueOptions, name: string): Queue<Data> => {
  const { redis: connection, prefix, onError, telemetry } = options;
  const traced = telemetry === undefined ? {} : { telemetry: redactTelemetry(telemetry) };
  const queue = new Queue<Data>(braced(name), { connection, prefix, skipVersionCheck: true, ...traced });
  queue.on('error', onError);
  return queue;
};

/** Opens a queue for one use, because one whose first connection broke half-way would stay broken. */
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

type Add = (job: NewJob) => Promise<Added>;

/** Adds a job as a step of the trace, as BullMQ would; the job carries the trace to its worker. */
const addTraced = (add: Add, job: NewJob, telemetry: Telemetry): Promise<Added> => {
  const { queue, jobId, event } = job;
  const addWith = (span?: Span, context?: string): Promise<Added> => {
    span?.setAttributes({ [TelemetryAttributes.JobName]: event.type, [TelemetryAttributes.JobId]: jobId });
    return add(context === undefined ? job : { ...job, context });
  };
  return trace(telemetry, SpanKind.PRODUCER, queue, 'add', `${queue}.${event.type}`, (span, context) =>
    addWith(span, context),
  );
};

/** An {@link EventQueue} whose jobs are those of BullMQ. */
export class BullEventQueue implements EventQueue {
  readonly #isCluster: boolean;
  readonly #telemetry: Telemetry | undefined;
  readonly #open: () => Add;
  /** One batch for everything; in a cluster one for each queue, because each is in a slot of its own. */
  readonly #batches = new Map<string, Add>();
  /** Makes the job ids of this process unique, so that no job is taken for another one. */
  readonly #run = randomBytes(6).toString('hex');
  #count = 0;

  constructor({ redis, prefix, deduplicationMs, waitForReplicas, confirm, telemetry }: EventQueueOptions) {
    const addEvents = createAddEvents(redis, prefix, deduplicationMs);
    const perform = async (jobs: readonly NewJob[]) => {
      const { answers, report } = await addEvents(jobs);
      // After duplicates too: the first one may have been stored without reaching the disk or the replicas.
      await confirm?.(report);
      await waitForReplicas?.();
      return answers;
    };
    this.#telemetry = telemetry === undefined ? undefined : redactTelemetry(telemetry);
    this.#isCluster = redis instanceof Cluster;
    this.#open = () => createTickBatch({ limit: BATCH, perform });
  }

  enqueue(name: string, event: AnyEvent, deduplicationId = event.id): Promise<Added> {
    this.#count += 1;
    const jobId = `${event.id}-${this.#run}-${this.#count.toString(36)}`;
    const job = { queue: braced(name), jobId, event, deduplicationId };
    const add = this.#batch(this.#isCluster ? name : '');
    return this.#telemetry === undefined ? add(job) : addTraced(add, job, this.#telemetry);
  }

  #batch(group: string): Add {
    const known = this.#batches.get(group);
    if (known !== undefined) return known;
    const add = this.#open();
    this.#batches.set(group, add);
    return add;
  }
}
