import type { Job } from 'bullmq';
import type { PaymentEvent } from '../../core/event.ts';
import { queues, recheckJobOptions } from '../../core/queues.ts';
import type { Confirmed } from '../../reconcile/confirm.ts';
import type { RedisClient } from '../connection/connection.ts';
import { type QueueOptions, withQueue } from './event-queue.ts';
import { openQueueWorker } from './queue-worker.ts';

const RECHECK = 'recheck';
const CONCURRENCY = 8;

export type ConfirmationQueueOptions = QueueOptions & {
  /** A connection for the worker alone. Closed with it. */
  readonly reader: RedisClient;
  /** How long an event may wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** When an event without an answer is checked again, in milliseconds. */
  readonly recheckMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly confirm: (event: PaymentEvent, isLast: boolean) => Promise<Confirmed>;
  readonly recheck: (event: PaymentEvent, isLast: boolean) => Promise<Confirmed>;
};

/** PayCools has not answered yet: the job is tried again. */
class NotConfirmedYetError extends Error {
  override readonly name = 'NotConfirmedYetError';
}

/** The worker of the queue where events wait for confirmation. A job completes only when its event is confirmed or refuted. */
export class ConfirmationQueue implements AsyncDisposable {
  readonly #options: ConfirmationQueueOptions;
  readonly #worker: AsyncDisposable;

  constructor(options: ConfirmationQueueOptions) {
    const { reader, prefix, onError, telemetry } = options;
    this.#options = options;
    this.#worker = openQueueWorker<PaymentEvent>({
      name: queues.confirmation,
      reader,
      prefix,
      concurrency: CONCURRENCY,
      work: (job) => this.#confirm(job),
      onError,
      telemetry,
    });
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#worker[Symbol.asyncDispose]();
  }

  async #confirm(job: Job<PaymentEvent>): Promise<Confirmed> {
    const { timeoutMs, now, confirm, recheck } = this.#options;
    const event = job.data;
    const isLastTry = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    if (job.name === RECHECK) return orRetry(await recheck(event, isLastTry));
    const isLate = now() - Date.parse(event.receivedat) >= timeoutMs;
    const confirmed = await confirm(event, isLastTry || isLate);
    if (confirmed === 'unconfirmed') await this.#planRecheck(event);
    return orRetry(confirmed);
  }

  /** Planned after the move: a crash in between moves it again (a duplicate) and plans it then. */
  async #planRecheck(event: PaymentEvent): Promise<void> {
    const { recheckMs } = this.#options;
    await withQueue<PaymentEvent>(this.#options, queues.confirmation, (queue) =>
      queue.add(RECHECK, event, {
        jobId: `${event.id}-${RECHECK}`,
        delay: recheckMs,
        ...recheckJobOptions,
      }),
    );
  }
}

const orRetry = (confirmed: Confirmed): Confirmed => {
  if (confirmed === 'open') throw new NotConfirmedYetError('PayCools has not confirmed it yet');
  return confirmed;
};
