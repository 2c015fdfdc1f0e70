import { DelayedError, type Job } from 'bullmq';
import { queues, recheckJobOptions } from '../../core/queues.ts';
import { type AwaitingEvent, isUnrecognized } from '../../receive/understand.ts';
import type { ConfirmationOutcome } from '../../reconcile/confirm.ts';
import type { RedisClient } from '../connection/connection.ts';
import { type QueueOptions, withQueue } from './event-queue.ts';
import { openQueueWorker } from './queue-worker.ts';

const RECHECK = 'recheck';
const CONCURRENCY = 8;
const MIN_DELAY_MS = 1000;
const MAX_DELAY_MS = 16_000;

export type ConfirmationQueueOptions = QueueOptions & {
  /** A separate connection for the worker. Closed with the worker. */
  readonly reader: RedisClient;
  /** How long an event may wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Delay after which an unconfirmed event is checked again, in milliseconds. */
  readonly recheckMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly confirm: (event: AwaitingEvent, isLast: boolean) => Promise<ConfirmationOutcome>;
  readonly recheck: (event: AwaitingEvent, isLast: boolean) => Promise<ConfirmationOutcome>;
};

/** PayCools has not answered yet, so the job is retried. */
class NotConfirmedYetError extends Error {
  override readonly name = 'NotConfirmedYetError';
}

/** Runs the queue of events that wait for confirmation. A job completes once it is confirmed, refuted, or out of time. */
export class ConfirmationQueue implements AsyncDisposable {
  readonly #options: ConfirmationQueueOptions;
  readonly #worker: AsyncDisposable;

  constructor(options: ConfirmationQueueOptions) {
    const { reader, prefix, onError, telemetry } = options;
    this.#options = options;
    this.#worker = openQueueWorker<AwaitingEvent>({
      name: queues.confirmation,
      reader,
      prefix,
      concurrency: CONCURRENCY,
      work: (job, token) => this.#decide(job, token),
      onError,
      telemetry,
    });
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#worker[Symbol.asyncDispose]();
  }

  async #decide(job: Job<AwaitingEvent>, token: string | undefined): Promise<ConfirmationOutcome> {
    const { timeoutMs, now, confirm, recheck } = this.#options;
    const event = job.data;
    const isLastTry = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    if (job.name === RECHECK) return orRetry(await recheck(event, isLastTry));
    // Counts from when the job was added: a redriven or spooled callback was received long before.
    const waitedMs = now() - Math.max(Date.parse(event.receivedat), job.timestamp);
    const isLast = waitedMs >= timeoutMs;
    const confirmed = await confirm(event, isLast).catch((error: unknown) => {
      if (isLast) throw error;
      return 'open' as const; // such as when the service stops: asked again soon
    });
    if (confirmed === 'open') return postpone(job, token, waitedMs);
    if (confirmed === 'unconfirmed') await this.#scheduleRecheck(event);
    // Forgets a refuted event, so that PayCools is asked again if the same content arrives again.
    if (confirmed === 'refuted') await job.removeDeduplicationKey();
    if (confirmed !== 'unrecognized' && isUnrecognized(event)) await this.#removeUnrecognized(event);
    return confirmed;
  }

  /** Removes a redriven callback from {unrecognized}, unless a worker is processing it. */
  async #removeUnrecognized({ id }: AwaitingEvent): Promise<void> {
    await withQueue<AwaitingEvent>(this.#options, queues.unrecognized, async (queue) => {
      const jobId = await queue.getDeduplicationJobId(id);
      const job = jobId === null ? undefined : await queue.getJob(jobId);
      if (job !== undefined && !(await job.isActive())) await job.remove();
    });
  }

  /** Runs after the delivery. A crash in between leads to another delivery (a duplicate), which schedules the recheck. */
  async #scheduleRecheck(event: AwaitingEvent): Promise<void> {
    const { recheckMs } = this.#options;
    await withQueue<AwaitingEvent>(this.#options, queues.confirmation, (queue) =>
      queue.add(RECHECK, event, {
        jobId: `${event.id}-${RECHECK}`,
        delay: recheckMs,
        ...recheckJobOptions,
      }),
    );
  }
}

/** Doubles the time that the event has waited. The backoff in the job's options is the one for the merchant's workers. */
const postpone = async (job: Job, token: string | undefined, waitedMs: number): Promise<never> => {
  const delayMs = Math.min(Math.max(waitedMs, MIN_DELAY_MS), MAX_DELAY_MS);
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
};

const orRetry = (confirmed: ConfirmationOutcome): ConfirmationOutcome => {
  if (confirmed === 'open') throw new NotConfirmedYetError('PayCools has not confirmed it yet');
  return confirmed;
};
