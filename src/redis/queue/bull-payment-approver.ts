import { randomUUID } from 'node:crypto';
import { Job, type Queue, QueueEvents } from 'bullmq';
import {
  type PaymentVerificationEvent,
  replyOf,
  type VerificationAnswer,
  type VerificationReply,
  verificationAnswerSchema,
} from '../../core/payment-verification.ts';
import { VERIFICATION_REPEAT_MS, verificationJobOptions } from '../../core/queues.ts';
import type { Deadline, PaymentApprover, VerificationOutcome } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createDeadline } from '../deadline.ts';
import { braced, openQueue, type QueueOptions } from './event-queue.ts';

export type BullPaymentApproverOptions = QueueOptions & {
  /** A connection for the reader of answers alone. Closed with the approver. */
  readonly reader: RedisClient;
  /** Name of the queue, without its braces. */
  readonly queue: string;
  readonly timeoutMs: number;
  /** The answer when no worker answers in time. */
  readonly fallback: VerificationAnswer;
};

type OnReturned = (returned: unknown) => void;

/**
 * A {@link PaymentApprover} on BullMQ: the payment verification becomes a job, and the worker's return value is the answer.
 * BullMQ's own `waitUntilFinished` is not used, because a connection lost while it starts to wait ends in an unhandled
 * rejection.
 */
export class BullPaymentApprover implements PaymentApprover {
  readonly timeoutMs: number;
  readonly #options: BullPaymentApproverOptions;
  readonly #queue: Queue<PaymentVerificationEvent>;
  readonly #events: QueueEvents;
  readonly #deadline: Deadline;
  /** Callers by the job that they wait for. */
  readonly #waiting = new Map<string, Set<OnReturned>>();

  constructor(options: BullPaymentApproverOptions) {
    const { reader, prefix, queue, timeoutMs, onError } = options;
    this.timeoutMs = timeoutMs;
    this.#options = options;
    this.#deadline = createDeadline(timeoutMs);
    this.#queue = openQueue<PaymentVerificationEvent>(options, queue);
    reader.on('error', onError);
    this.#events = new QueueEvents(braced(queue), {
      connection: reader,
      prefix,
      skipVersionCheck: true,
      skipWaitingForReady: true, // else its copy of the connection outlives `close` where Redis was never reached
    });
    this.#events.on('error', onError);
    this.#events.on('completed', ({ jobId, returnvalue }) => this.#deliverAnswer(jobId, returnvalue));
    this.#events.on('failed', ({ jobId }) => this.#deliverAnswer(jobId, null));
  }

  async ask(event: PaymentVerificationEvent): Promise<VerificationOutcome> {
    const asked: Job[] = [];
    const given = await this.#deadline.within(this.#askWorkers(event, asked)).catch(() => null);
    if (given !== null) return given;
    // The answer comes too late now, so workers should not be asked any more. Nothing is waited for: Redis may hang.
    for (const job of asked) job.remove().catch(() => undefined);
    return { reply: replyOf(this.#options.fallback), by: 'default' };
  }

  async close(): Promise<void> {
    // Not awaited: while Redis is unavailable, BullMQ waits here for a connection to end that is not there.
    this.#events.close().catch(() => undefined);
    this.#options.reader.disconnect();
    await this.#queue.close();
  }

  /** Null where a worker failed, or answered with something else. */
  async #askWorkers(event: PaymentVerificationEvent, asked: Job[]): Promise<VerificationOutcome | null> {
    const recorded = await this.#recorded(event.id);
    if (recorded !== null) return { reply: recorded, by: 'repeated' };
    const job = await this.#queue.add(event.type, event, {
      jobId: `${event.id}-${randomUUID()}`,
      deduplication: { id: event.id, ttl: VERIFICATION_REPEAT_MS }, // concurrent identical requests wait for one job
      ...verificationJobOptions,
    });
    asked.push(job);
    const answer = verificationAnswerSchema.safeParse(await this.#returned(job.id ?? ''));
    return answer.success ? this.#record(event.id, { reply: replyOf(answer.data), by: 'given' }) : null;
  }

  /** What the job returned, once it has finished; null when it failed. */
  #returned(jobId: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const all = this.#waiting.get(jobId) ?? new Set<OnReturned>();
      this.#waiting.set(jobId, all.add(resolve));
      setTimeout(() => this.#waiting.delete(jobId), this.timeoutMs).unref();
      // It may have finished before it was waited for.
      Job.fromId(this.#queue, jobId).then((job) => {
        if (job?.finishedOn !== undefined) resolve(job.returnvalue);
      }, reject);
    });
  }

  #deliverAnswer(jobId: string, returned: unknown): void {
    for (const onReturned of this.#waiting.get(jobId) ?? []) onReturned(returned);
    this.#waiting.delete(jobId);
  }

  #key(id: string): string {
    return `${this.#options.prefix}:verification:${id}`;
  }

  async #recorded(id: string): Promise<VerificationReply | null> {
    const text = await this.#options.redis.get(this.#key(id));
    return text === null ? null : (JSON.parse(text) as VerificationReply);
  }

  /** Stores the first answer of a worker for identical requests within a minute, on any replica. */
  async #record(id: string, asked: VerificationOutcome): Promise<VerificationOutcome> {
    try {
      const text = JSON.stringify(asked.reply);
      const isFirst = await this.#options.redis.set(this.#key(id), text, 'PX', VERIFICATION_REPEAT_MS, 'NX');
      const first = isFirst === null ? await this.#recorded(id) : null;
      return first === null ? asked : { ...asked, reply: first };
    } catch {
      return asked; // without Redis there is no other replica to agree with
    }
  }
}
