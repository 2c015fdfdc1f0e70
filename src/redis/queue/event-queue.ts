import { randomBytes } from 'node:crypto';
import { Queue, SpanKind, type Telemetry, TelemetryAttributes, trace } from 'bullmq';
import { Cluster } from 'ioredis';
import type { AnyEvent } from '../../core/event.ts';
import type { Commit, EventQueue } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { openHistorySlots } from '../ledger/history-slots.ts';
import { ledgerKeys } from '../ledger/ledger-keys.ts';
import { createTickBatch } from '../tick-batch.ts';
import { type Added, type AddResult, createAddEvents, type NewJob } from './add-events.ts';
import { createBullAdd } from './bull-add.ts';
import { isBullMqProved } from './bullmq-digest.ts';
import { createCommit, type EventJob } from './commit.ts';
import { redactTelemetry } from './private-telemetry.ts';

export type EventQueueOptions = {
  readonly redis: RedisClient;
  /** First part of every key. */
  readonly prefix: string;
  /** How long an event id is remembered, in milliseconds. */
  readonly deduplicationMs: number;
  /** Waits until replicas have received what was written. By default writes do not wait for replicas. */
  readonly waitForReplicas?: () => Promise<void>;
  /**
   * Decides whether a write counts as stored, given what Redis reported about its append-only file together with the write;
   * rejects if it does not. By default every write counts.
   */
  readonly confirm?: (report: string) => Promise<void>;
  /** Traces jobs that are added. */
  readonly telemetry?: Telemetry | undefined;
  /** Whether our script was proved equal to that of the installed BullMQ. Default {@link isBullMqProved}. */
  readonly isScriptProved?: boolean;
};

/** Maximum number of events per script call: Redis is blocked while it runs. */
const BATCH = 64;

/** The name of a queue as BullMQ and its consumers write it: the braces keep its keys in one slot of a cluster. */
export const withBraces = (name: string): string => `{${name}}`;

export type QueueOptions = Pick<EventQueueOptions, 'redis' | 'prefix' | 'telemetry'> & {
  readonly onError: (error: Error) => void;
};

/** Opens a queue of BullMQ. */
export const openQueue = <Data = AnyEvent>(options: QueueOptions, name: string): Queue<Data> => {
  const { redis: connection, prefix, onError, telemetry } = options;
  const traced = telemetry === undefined ? {} : { telemetry: redactTelemetry(telemetry) };
  const queue = new Queue<Data>(withBraces(name), { connection, prefix, skipVersionCheck: true, ...traced });
  queue.on('error', onError);
  return queue;
};

/** Opens a queue for one use only: BullMQ never repairs a queue whose first connection failed partway. */
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

type Add = (job: NewJob) => Promise<AddResult>;

/** Adds a job within a span, as BullMQ would; the job passes the trace on to its worker. */
const addTraced = (add: Add, job: NewJob, telemetry: Telemetry): Promise<AddResult> => {
  const { queue, jobId, event } = job;
  return trace(telemetry, SpanKind.PRODUCER, queue, 'add', `${queue}.${event.type}`, (span, context) => {
    span?.setAttributes({ [TelemetryAttributes.JobName]: event.type, [TelemetryAttributes.JobId]: jobId });
    return add(context === undefined ? job : { ...job, context });
  });
};

/** An {@link EventQueue} on BullMQ. */
export class BullEventQueue implements EventQueue {
  /** Stores an event together with its history; null if our script is not used. */
  readonly commit: Commit | null;
  readonly #isCluster: boolean;
  readonly #telemetry: Telemetry | undefined;
  readonly #openBatch: () => Add;
  /** One batch for all queues; in a cluster one per queue, because queues are in different slots. */
  readonly #batches = new Map<string, Add>();
  /** Makes the job ids of this process unique. */
  readonly #run = randomBytes(6).toString('hex');
  #count = 0;

  constructor({ redis, prefix, deduplicationMs, ...options }: EventQueueOptions) {
    const { waitForReplicas, confirm, telemetry, isScriptProved = isBullMqProved() } = options;
    const addEvents = (isScriptProved ? createAddEvents : createBullAdd)(redis, prefix, deduplicationMs);
    const perform = async (jobs: readonly NewJob[]) => {
      const { answers, report } = await addEvents(jobs);
      // Also after duplicates: the first one may not have reached the disk or the replicas.
      await confirm?.(report);
      await waitForReplicas?.();
      return answers;
    };
    this.#telemetry = telemetry === undefined ? undefined : redactTelemetry(telemetry);
    this.#isCluster = redis instanceof Cluster;
    this.#openBatch = () => createTickBatch({ limit: BATCH, perform });
    const slots = openHistorySlots({ redis, prefix, retentionMs: deduplicationMs });
    this.commit = isScriptProved
      ? createCommit({ keys: ledgerKeys(prefix), slots, limit: BATCH, add: (job) => this.#addWithHistory(job) })
      : null;
  }

  async enqueue(name: string, event: AnyEvent, deduplicationId = event.id): Promise<Added> {
    return requireAdded(await this.#add({ queue: withBraces(name), event, deduplicationId }));
  }

  /** If the history decides whether the event is new, the job has the id of the event. */
  #addWithHistory({ event, history }: EventJob): Promise<AddResult> {
    const job = { queue: withBraces(event.data.product), event, history };
    return this.#add(history.isDeduplicated ? job : { ...job, jobId: event.id });
  }

  #add({ jobId, ...job }: Omit<NewJob, 'jobId'> & Partial<Pick<NewJob, 'jobId'>>): Promise<AddResult> {
    const named = { ...job, jobId: jobId ?? this.#newJobId(job.event) };
    const add = this.#batch(this.#isCluster ? job.queue : '');
    return this.#telemetry === undefined ? add(named) : addTraced(add, named, this.#telemetry);
  }

  #newJobId({ id }: AnyEvent): string {
    this.#count += 1;
    return `${id}-${this.#run}-${this.#count.toString(36)}`;
  }

  #batch(group: string): Add {
    const known = this.#batches.get(group);
    if (known !== undefined) return known;
    const add = this.#openBatch();
    this.#batches.set(group, add);
    return add;
  }
}

/** @throws RangeError if the script compared a history although none was sent */
const requireAdded = (result: AddResult): Added => {
  if (typeof result === 'string') return result;
  throw new RangeError('a job without a history was compared with one');
};
