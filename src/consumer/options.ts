import type { Job, Telemetry } from 'bullmq';
import type { PaymentVerificationEvent, VerificationAnswer } from '../core/payment-verification.ts';
import type { Handlers } from './handlers.ts';
import type { Processed } from './process-event.ts';

/** A failed attempt. */
export type Failed = {
  readonly job: Job;
  readonly error: Error;
  /** Whether this was the last attempt: the job is now a failed job (a dead letter). */
  readonly isFinal: boolean;
  /** Number of the attempt; the first one is 1. Attempts during which the worker died count too. */
  readonly attempt: number;
  /** In milliseconds. */
  readonly durationMs: number;
};

/** Answers whether a virtual-account payment may be collected. An answer after `event.data.answerBy` is too late. */
export type Answerer = (event: PaymentVerificationEvent) => Promise<VerificationAnswer> | VerificationAnswer;

/** Options of `createConsumer`. */
export type ConsumerOptions = {
  /** Address of Redis: the same as `REDIS_URL` of the service. */
  readonly redis: string;
  /**
   * Prefix of the queues: the same as `QUEUE_PREFIX` of the service.
   *
   * @defaultValue `'paycools'`
   */
  readonly prefix?: string;
  /** Handlers by event type or product, and `fallback`, `findings` and `unrecognized`. */
  readonly handlers: Handlers;
  /** Answers payment verifications. */
  readonly verification?: Answerer;
  /**
   * Maximum number of events handled at the same time, per queue.
   *
   * @defaultValue 10
   */
  readonly concurrency?: number;
  /**
   * Whether handlers also get events flagged `stale`, which report an earlier state than the one known.
   *
   * @defaultValue false: stale events are completed without a handler
   */
  readonly handlesStale?: boolean;
  /**
   * How long an effect passed to `once` may take before another worker may start it, in milliseconds.
   *
   * @defaultValue 60,000 (1 minute)
   */
  readonly leaseMs?: number;
  /**
   * How long a worker may be silent before another one takes over its events, in milliseconds. A live worker renews its
   * locks automatically, unless it blocks the event loop for this long.
   *
   * @defaultValue 30,000 (30 seconds)
   */
  readonly lockMs?: number;
  /** Called with each event that was handled or skipped. */
  readonly onProcessed?: (processed: Processed) => void;
  /**
   * Called with each failed attempt.
   *
   * @defaultValue reports it on stderr; repeats are collapsed
   */
  readonly onFailed?: (failed: Failed) => void;
  /**
   * Called with connection errors; the consumer reconnects automatically.
   *
   * @defaultValue reports them on stderr; repeats are collapsed
   */
  readonly onError?: (error: Error) => void;
  /**
   * Continues the callback's trace in your handlers: `new BullMQOtel({ tracerName: 'shop' })` from the package
   * `bullmq-otel`, with your own OpenTelemetry SDK. No span contains an event, an answer or an error's message.
   *
   * @defaultValue no tracing
   */
  readonly telemetry?: Telemetry;
};

/** Options of `ready`. */
export type ReadyOptions = {
  /**
   * How long to wait for Redis, in milliseconds. After that, `ready` rejects with the cause.
   *
   * @defaultValue no limit
   */
  readonly timeoutMs?: number;
};

/** A consumer, which handles events until it is closed. */
export type Consumer = AsyncDisposable & {
  /**
   * Resolves when every worker is connected.
   *
   * @throws ConsumerNotReadyError after `timeoutMs`; the consumer keeps trying until it is closed
   */
  readonly ready: (options?: ReadyOptions) => Promise<void>;
  /** Takes no more events, finishes those in progress and disconnects. Also completes while Redis is unavailable. */
  readonly close: () => Promise<void>;
};
