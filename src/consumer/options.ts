import type { Job, Telemetry } from 'bullmq';
import type { PaymentVerificationEvent, VerificationAnswer } from '../core/payment-verification.ts';
import type { Handlers } from './handlers.ts';
import type { Processed } from './process-event.ts';

/** An attempt that failed. */
export type Failed = {
  readonly job: Job;
  readonly error: Error;
  /** Whether there will be no further attempt: the job is now a failed job (a dead letter). */
  readonly isFinal: boolean;
  /** 1 for the first attempt. Attempts that ended with the death of a worker are counted. */
  readonly attempt: number;
  readonly durationMs: number;
};

/** Answers a payment verification. After `event.data.answerBy` an answer is too late. */
export type Answerer = (event: PaymentVerificationEvent) => Promise<VerificationAnswer> | VerificationAnswer;

/** What `createConsumer` takes. */
export type ConsumerOptions = {
  /** The same as REDIS_URL of the service. */
  readonly redis: string;
  /**
   * The same as QUEUE_PREFIX of the service.
   *
   * @defaultValue `'paycools'`
   */
  readonly prefix?: string;
  /** Handlers by event type, product, `fallback`, `findings` and `unrecognized`. */
  readonly handlers: Handlers;
  /** Answers whether a virtual-account payment may be collected. */
  readonly verification?: Answerer;
  /**
   * Events handled at the same time, for each queue.
   *
   * @defaultValue 10
   */
  readonly concurrency?: number;
  /**
   * Whether handlers are also given events flagged `stale`, which are older than what is known.
   *
   * @defaultValue false: stale events are completed without a handler
   */
  readonly handlesStale?: boolean;
  /**
   * How long an effect under `once` may take before another worker may start it, in milliseconds.
   *
   * @defaultValue 60,000 (1 minute)
   */
  readonly leaseMs?: number;
  /**
   * How long a worker may be silent before the events that it was handling are given to another one, in milliseconds.
   * A worker that is alive renews its claim by itself, unless it blocks the event loop for this long.
   *
   * @defaultValue 30,000 (30 seconds)
   */
  readonly lockMs?: number;
  /** Called with each event that was handled or skipped. */
  readonly onProcessed?: (processed: Processed) => void;
  /**
   * Called with each attempt that failed.
   *
   * @defaultValue reports it on stderr; repeats are collapsed
   */
  readonly onFailed?: (failed: Failed) => void;
  /**
   * Called with connection errors; the consumer reconnects by itself.
   *
   * @defaultValue reports them on stderr; repeats are collapsed
   */
  readonly onError?: (error: Error) => void;
  /**
   * Continues the trace of the callback in your handlers: `new BullMQOtel({ tracerName: 'shop' })` of the package
   * `bullmq-otel`, with your own OpenTelemetry SDK. No span contains an event, an answer or an error's message.
   */
  readonly telemetry?: Telemetry;
};

/** What `ready` takes. */
export type ReadyOptions = {
  /**
   * How long to wait for Redis, in milliseconds. After that `ready` rejects with the cause.
   *
   * @defaultValue no limit
   */
  readonly timeoutMs?: number;
};

/** Workers that take events until they are closed. */
export type Consumer = AsyncDisposable & {
  /**
   * Resolves when every worker is connected.
   *
   * @throws ConsumerNotReadyError after `timeoutMs`; the consumer keeps trying until it is closed
   */
  readonly ready: (options?: ReadyOptions) => Promise<void>;
  /** Takes no more events, finishes those in progress and disconnects; also while Redis is unavailable. */
  readonly close: () => Promise<void>;
};
