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
import { openQueue, type QueueOptions, withBraces } from './event-queue.ts';

export type BullPaymentApproverOptions = QueueOptions & {
  /** A separate connection for reading answers. Closed with the approver. */
  readonly reader: RedisClient;
  /** Name of the queue, without its braces. */
  readonly queue: string;
  /** How long workers may take to answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The answer if no worker answers in time. */
  readonly fallback: VerificationAnswer;
};

type OnReturned = (returned: unknown) => void;

/**
 * A {@link PaymentApprover} on BullMQ: the payment verification becomes a job, and the worker's return value is the answer.
 * Does not use BullMQ's `waitUntilFinished`, which causes an unhandled rejection if the connection is lost while it starts
 * to wait.
 */
export class BullPaymentApprover implements PaymentApprover {
  readonly timeoutMs: number;
  readonly #options: BullPaymentApproverOptions;
  readonly #queue: Queue<PaymentVerificationEvent>;
  readonly #events: QueueEvents;
  readonly #deadline: Deadline;
  /** Callbacks of the callers that wait for a job, by its id. */
  readonly #listeners = new Map<string, Set<OnReturned>>();

  constructor(options: BullPaymentApproverOptions) {
    const { reader, prefix, queue, timeoutMs, onError } = options;
    this.timeoutMs = timeoutMs;
    this.#options = options;
    this.#deadline = createDeadline(timeoutMs);
    this.#queue = openQueue<PaymentVerificationEvent>(options, queue);
    reader.on('error', onError);
    this.#events = new QueueEvents(withBraces(queue), {
      connection: reader,
      prefix,
      skipVersionCheck: true,
      skipWaitingForReady: true, // else its copy of the connection outlives `close` if Redis was never reached
    });
    this.#events.on('error', onError);
    this.#events.on('completed', ({ jobId, returnvalue }) => this.#deliverAnswer(jobId, returnvalue));
    this.#events.on('failed', ({ jobId }) => this.#deliverAnswer(jobId, null));
  }

  async ask(event: PaymentVerificationEvent): Promise<VerificationOutcome> {
    const added: Job[] = [];
    const outcome = await this.#deadline.within(this.#askWorkers(event, added)).catch(() => null);
    if (outcome !== null) return outcome;
    // It is too late for an answer, so no worker should take the job any more. Not awaited, because Redis may hang.
    for (const job of added) job.remove().catch(() => undefined);
    return { reply: replyOf(this.#options.fallback), by: 'default' };
  }

  async close(): Promise<void> {
    // Not awaited: while Redis is unavailable, BullMQ waits here for the end of a connection that does not exist.
    this.#events.close().catch(() => undefined);
    this.#options.reader.disconnect();
    await this.#queue.close();
  }

  /**
   * @param added receives the job
   * @returns null if the worker failed, or returned something else
   */
  async #askWorkers(event: PaymentVerificationEvent, added: Job[]): Promise<VerificationOutcome | null> {
    const recorded = await this.#readRecorded(event.id);
    if (recorded !== null) return { reply: recorded, by: 'repeated' };
    const job = await this.#queue.add(event.type, event, {
      jobId: `${event.id}-${randomUUID()}`,
      deduplication: { id: event.id, ttl: VERIFICATION_REPEAT_MS }, // concurrent identical requests wait for one job
      ...verificationJobOptions,
    });
    added.push(job);
    const answer = verificationAnswerSchema.safeParse(await this.#waitForResult(job.id ?? ''));
    return answer.success ? this.#record(event.id, { reply: replyOf(answer.data), by: 'given' }) : null;
  }

  /** Resolves to the return value of the job once it has finished; null if it failed. */
  #waitForResult(jobId: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const listeners = this.#listeners.get(jobId) ?? new Set<OnReturned>();
      this.#listeners.set(jobId, listeners.add(resolve));
      setTimeout(() => this.#listeners.delete(jobId), this.timeoutMs).unref();
      // It may already have finished.
      Job.fromId(this.#queue, jobId).then((job) => {
        if (job?.finishedOn !== undefined) resolve(job.returnvalue);
      }, reject);
    });
  }

  #deliverAnswer(jobId: string, returned: unknown): void {
    for (const onReturned of this.#listeners.get(jobId) ?? []) onReturned(returned);
    this.#listeners.delete(jobId);
  }

  #key(id: string): string {
    return `${this.#options.prefix}:verification:${id}`;
  }

  async #readRecorded(id: string): Promise<VerificationReply | null> {
    const text = await this.#options.redis.get(this.#key(id));
    return text === null ? null : (JSON.parse(text) as VerificationReply);
  }

  /** Records the first answer for identical requests within a minute, on any replica. Returns the one that counts. */
  async #record(id: string, outcome: VerificationOutcome): Promise<VerificationOutcome> {
    try {
      const text = JSON.stringify(outcome.reply);
      const isFirst = await this.#options.redis.set(this.#key(id), text, 'PX', VERIFICATION_REPEAT_MS, 'NX');
      const first = isFirst === null ? await this.#readRecorded(id) : null;
      return first === null ? outcome : { ...outcome, reply: first };
    } catch {
      return outcome; // without Redis no other replica can have answered
    }
  }
}
