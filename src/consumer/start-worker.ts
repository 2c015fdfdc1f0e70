import { DelayedError, type Job, Worker } from 'bullmq';
import { paymentVerificationEventSchema } from '../core/payment-verification.ts';
import { eventJobOptions, queues } from '../core/queues.ts';
import type { RedisClient } from '../redis/connection/connection.ts';
import { redactTelemetry } from '../redis/queue/private-telemetry.ts';
import { createAttemptLog } from './attempt-log.ts';
import type { Route } from './handlers.ts';
import { createOnce } from './once.ts';
import type { Answerer, ConsumerOptions, Failed } from './options.ts';
import { PostponedError } from './postponed-error.ts';
import { attemptOf, createProcessor, readEvent } from './process-event.ts';
import type { Reporter } from './reporter.ts';

/** State that the workers of a consumer share. */
export type WorkerContext = {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly options: Omit<ConsumerOptions, 'redis'>;
  readonly reporter: Reporter;
  /** Jobs in progress. */
  readonly inFlight: Set<Promise<unknown>>;
};

type Processor = (job: Job, token?: string) => Promise<unknown>;

/** Keeps track of the jobs in progress, so that closing can wait for them. */
const trackInFlight =
  (process: Processor, inFlight: WorkerContext['inFlight']): Processor =>
  (job, token) => {
    const work = process(job, token);
    inFlight.add(work);
    work.finally(() => inFlight.delete(work)).catch(() => undefined); // BullMQ reports the failure
    return work;
  };

/** Counts deaths of workers as attempts, which BullMQ itself does not, so that a job has 8 attempts in total. */
const countDeaths =
  (process: Processor): Processor =>
  (job) => {
    const attempts = job.opts.attempts ?? 1;
    job.opts.attempts = Math.max(1, attempts - job.stalledCounter);
    return process(job);
  };

const recordAttempts = (process: Processor, { redis, prefix }: WorkerContext): Processor => {
  const record = createAttemptLog(redis, prefix);
  return async (job) => {
    const started = Date.now();
    const recordEnd = (error: string | null): void =>
      record(job.data?.id, {
        attempt: attemptOf(job),
        at: new Date(started).toISOString(),
        durationMs: Date.now() - started,
        error,
      });
    try {
      const result = await process(job);
      recordEnd(null);
      return result;
    } catch (error) {
      if (error instanceof PostponedError) throw error;
      recordEnd(error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
};

/** Delays a job whose handler threw a `PostponedError`, without using up an attempt. */
const postpone =
  (process: Processor): Processor =>
  async (job, token) => {
    try {
      return await process(job, token);
    } catch (error) {
      if (!(error instanceof PostponedError)) throw error;
      await job.moveToDelayed(Date.now() + error.delayMs, token);
      throw new DelayedError();
    }
  };

const failedOf = (job: Job, error: Error): Failed => ({
  job,
  error,
  isFinal: job.finishedOn !== undefined,
  attempt: attemptOf(job) - 1,
  durationMs: Date.now() - (job.processedOn ?? Date.now()),
});

const startWorker = (queue: string, processor: Processor, context: WorkerContext): Worker => {
  const { redis, prefix, reporter, inFlight } = context;
  const { concurrency = 10, lockMs = 30_000, telemetry } = context.options;
  const process = postpone(countDeaths(recordAttempts(processor, context)));
  const worker = new Worker(`{${queue}}`, trackInFlight(process, inFlight), {
    connection: redis,
    prefix,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount: eventJobOptions.attempts - 1,
    skipVersionCheck: true,
    ...(telemetry === undefined ? {} : { telemetry: redactTelemetry(telemetry) }),
  });
  worker.on('error', reporter.error);
  worker.on('failed', (job, error) => {
    if (job !== undefined) reporter.failed(failedOf(job, error));
  });
  return worker;
};

/** Starts the worker of a queue of events. */
export const startEventWorker = (route: Route, context: WorkerContext): Worker => {
  const { redis, prefix, options } = context;
  const { handlesStale = false, leaseMs = 60_000, onProcessed = () => undefined } = options;
  const once = createOnce({ redis, prefix, leaseMs });
  return startWorker(route.queue, createProcessor({ route, handlesStale, once, onProcessed }), context);
};

/** Starts the worker that answers payment verifications. */
export const startVerificationWorker = (answer: Answerer, context: WorkerContext): Worker => {
  const processor = async (job: Job) => answer(readEvent(job, paymentVerificationEventSchema));
  return startWorker(queues.paymentVerification, processor, context);
};
