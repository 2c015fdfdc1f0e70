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
  /** A connection for the worker alone. Closed with it. */
  readonly reader: RedisClient;
  /** How long an event may wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** When an event without an answer is checked again, in milliseconds. */
  readonly recheckMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly confirm: (event: AwaitingEvent, isLast: boolean) => Promise<ConfirmationOutcome>;
  readonly recheck: (event: AwaitingEvent, isLast: boolean) => Promise<ConfirmationOutcome>;
};

/** PayCools has not answered yet: the job is tried again. */
class NotConfirmedYetError extends Error {
  override readonly name = 'NotConfirmedYetError';
}

/** The worker of the queue where events wait for their confirmation. A job completes only when its callback is confirmed or refuted, or no answer came. */
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
    // Since it is here: one that is redriven, or comes out of the spool, was received long before.
    const waitedMs = now() - Math.max(Date.parse(event.receivedat), job.timestamp);
    const isLast = waitedMs >= timeoutMs;
    const confirmed = await confirm(event, isLast).catch((error: unknown) => {
      if (isLast) throw error;
      return 'open' as const; // the service stops, say: the next one asks again soon
    });
    if (confirmed === 'open') return postpone(job, token, waitedMs);
    if (confirmed === 'unconfirmed') await this.#planRecheck(event);
    // The verdict decides, not the admission: the same content may come again and be asked about again.
    if (confirmed === 'refuted') await job.removeDeduplicationKey();
    if (confirmed !== 'unrecognized' && isUnrecognized(event)) await this.#close(event);
    return confirmed;
  }

  /** Takes a redriven callback off {unrecognized}. One that a worker holds is left to that worker. */
  async #close({ id }: AwaitingEvent): Promise<void> {
    await withQueue<AwaitingEvent>(this.#options, queues.unrecognized, async (queue) => {
      const jobId = await queue.getDeduplicationJobId(id);
      const job = jobId === null ? undefined : await queue.getJob(jobId);
      if (job !== undefined && !(await job.isActive())) await job.remove();
    });
  }

  /** Planned after the delivery: a crash in between delivers it again (a duplicate) and plans it then. */
  async #planRecheck(event: AwaitingEvent): Promise<void> {
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

/** The event is asked about again after as long as it has waited; the options of its job are those of its workers. */
const postpone = async (job: Job, token: string | undefined, waitedMs: number): Promise<never> => {
  const delayMs = Math.min(Math.max(waitedMs, MIN_DELAY_MS), MAX_DELAY_MS);
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
};

const orRetry = (confirmed: ConfirmationOutcome): ConfirmationOutcome => {
  if (confirmed === 'open') throw new NotConfirmedYetError('PayCools has not confirmed it yet');
  return confirmed;
};
