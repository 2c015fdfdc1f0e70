import { randomBytes } from 'node:crypto';
import { Queue, type Span, SpanKind, type Telemetry, TelemetryAttributes, trace } from 'bullmq';
import { Cluster } from 'ioredis';
import type { AnyEvent } from '../../core/event.ts';
import type { Commit, EventQueue } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { openHistorySlots } from '../ledger/history-slots.ts';
import { ledgerKeys } from '../ledger/ledger-keys.ts';
import { createTickBatch } from '../tick-batch.ts';
import { type Added, type AddResult, createAddEvents, type NewJob } from './add-events.ts';
import { createBullAdd } from './bull-add.ts';
import { isProvedEqual, readBullScript } from './bullmq-digest.ts';
import { createCommit, type EventJob } from './commit.ts';
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
  /** Whether the installed BullMQ is one that our script was proved equal to. By default it is looked at. */
  readonly isScriptProved?: boolean;
};

/** Whether events are added by our script; otherwise by BullMQ's own `add`, which takes more of Redis and several steps. */
export const isBullMqProved = (): boolean => isProvedEqual(readBullScript());

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

type Add = (job: NewJob) => Promise<AddResult>;

/** Adds a job as a step of the trace, as BullMQ would; the job carries the trace to its worker. */
const addTraced = (add: Add, job: NewJob, telemetry: Telemetry): Promise<AddResult> => {
  const { queue, jobId, event } = job;
  const addWith = (span?: Span, context?: string): Promise<AddResult> => {
    span?.setAttributes({ [TelemetryAttributes.JobName]: event.type, [TelemetryAttributes.JobId]: jobId });
    return add(context === undefined ? job : { ...job, context });
  };
  return trace(telemetry, SpanKind.PRODUCER, queue, 'add', `${queue}.${event.type}`, (span, context) =>
    addWith(span, context),
  );
};

/** An {@link EventQueue} whose jobs are those of BullMQ. */
export class BullEventQueue implements EventQueue {
  /** Stores an event together with its history; null without our script. */
  readonly commit: Commit | null;
  readonly #isCluster: boolean;
  readonly #telemetry: Telemetry | undefined;
  readonly #open: () => Add;
  /** One batch for everything; in a cluster one for each queue, because each is in a slot of its own. */
  readonly #batches = new Map<string, Add>();
  /** Makes job ids of this process unique where a mark decides, so that no job is taken for another one. */
  readonly #run = randomBytes(6).toString('hex');
  #count = 0;

  constructor({ redis, prefix, deduplicationMs, ...options }: EventQueueOptions) {
    const { waitForReplicas, confirm, telemetry, isScriptProved = isBullMqProved() } = options;
    const addEvents = (isScriptProved ? createAddEvents : createBullAdd)(redis, prefix, deduplicationMs);
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
    const slots = openHistorySlots({ redis, prefix, retentionMs: deduplicationMs });
    this.commit = isScriptProved
      ? createCommit({ keys: ledgerKeys(prefix), slots, limit: BATCH, add: (it) => this.#addKnown(it) })
      : null;
  }

  async enqueue(name: string, event: AnyEvent, deduplicationId = event.id): Promise<Added> {
    return addedOf(await this.#add({ queue: braced(name), event, deduplicationId }));
  }

  /** Where the history decides, the job has the id of its event. */
  #addKnown({ event, history }: EventJob): Promise<AddResult> {
    const job = { queue: braced(event.data.product), event, history };
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
    const add = this.#open();
    this.#batches.set(group, add);
    return add;
  }
}

/** @throws RangeError for a history that nobody sent */
const addedOf = (result: AddResult): Added => {
  if (typeof result === 'string') return result;
  throw new RangeError('a job without a history was compared with one');
};
