import type { Job, Queue } from 'bullmq';
import { queues, reconciliationJobOptions } from '../../core/queues.ts';
import type { RedisClient } from '../connection/connection.ts';
import { withQueue } from './event-queue.ts';
import { openQueueWorker } from './queue-worker.ts';

const SCHEDULE = 'schedule';
const RUN = 'run';

type RunData = { readonly merchant?: string };

export type ReconciliationQueueOptions = {
  readonly redis: RedisClient;
  /** Opens a separate connection for the worker, if there is a schedule. Closed with the worker. */
  readonly connectReader: () => RedisClient;
  readonly prefix: string;
  /** Cron expression; empty removes the schedule. */
  readonly schedule: string;
  /** IANA time zone of the schedule. */
  readonly timeZone: string;
  /** Merchants to reconcile at each tick. */
  readonly merchants: () => readonly string[];
  /** Reconciles one merchant. The result is stored with the job. */
  readonly run: (merchant: string, signal: AbortSignal) => Promise<unknown>;
  readonly onError: (error: Error) => void;
};

/**
 * Runs reconciliations on a schedule. It is a job scheduler of BullMQ, so that any number of replicas creates one job per
 * tick; that job adds one job per merchant, so that each is retried and reported separately.
 */
export class ReconciliationQueue implements AsyncDisposable {
  readonly #options: ReconciliationQueueOptions;
  readonly #worker: AsyncDisposable | null;
  readonly #closing = new AbortController();

  constructor(options: ReconciliationQueueOptions) {
    const { redis, schedule, onError } = options;
    this.#options = options;
    this.#worker = schedule === '' ? null : this.#startWorker();
    const syncSchedule = (): void => {
      this.#withQueue((queue) => this.#syncSchedule(queue)).catch(onError);
    };
    redis.on('ready', syncSchedule);
    if (redis.status === 'ready') syncSchedule();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('the service is stopping'));
    await this.#worker?.[Symbol.asyncDispose]();
  }

  #startWorker(): AsyncDisposable {
    const { connectReader, prefix, onError } = this.#options;
    const reader = connectReader();
    return openQueueWorker<RunData>({
      name: queues.reconciliation,
      reader,
      prefix,
      work: (job) => this.#work(job),
      onError,
    });
  }

  #withQueue(use: (queue: Queue<RunData>) => Promise<unknown>): Promise<void> {
    return withQueue(this.#options, queues.reconciliation, use);
  }

  /** Writes the configured schedule to Redis. */
  async #syncSchedule(queue: Queue<RunData>): Promise<void> {
    const { schedule, timeZone } = this.#options;
    if (schedule === '') {
      await queue.removeJobScheduler(SCHEDULE);
      return;
    }
    const opts = { removeOnComplete: { count: 10 }, removeOnFail: { count: 10 } };
    await queue.upsertJobScheduler(SCHEDULE, { pattern: schedule, tz: timeZone }, { name: SCHEDULE, data: {}, opts });
  }

  async #work(job: Job<RunData>): Promise<unknown> {
    const { merchant } = job.data;
    if (merchant !== undefined) return this.#options.run(merchant, this.#closing.signal);
    const names = this.#options.merchants();
    const jobs = names.map((name) => ({
      name: RUN,
      data: { merchant: name },
      opts: { ...reconciliationJobOptions, jobId: `${RUN}-${name}-${job.timestamp}` }, // the same if this job is retried
    }));
    await this.#withQueue((queue) => queue.addBulk(jobs));
    return names;
  }
}
