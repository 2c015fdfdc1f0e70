import { type Job, type Telemetry, Worker } from 'bullmq';
import type { PaymentVerificationEvent, VerificationAnswer } from '../core/payment-verification.ts';
import { paymentVerificationEventSchema } from '../core/payment-verification.ts';
import { parseRedisUrl } from '../core/redis-url.ts';
import { DAY_MS } from '../core/time.ts';
import { productEventSchema } from '../products/event.ts';
import { products } from '../products/registry.ts';
import { connectReader, type RedisClient } from '../redis/connection/connection.ts';
import { redactTelemetry } from '../redis/queue/private-telemetry.ts';
import { closeWorkers } from './close-workers.ts';
import { type Handlers, type Route, routesOf } from './handlers.ts';
import { createOnce } from './once.ts';
import { createProcessor, type Processed, readEvent } from './process-event.ts';

/** An attempt that failed. */
export type Failed = {
  readonly job: Job;
  readonly error: Error;
  /** Whether there will be no further attempt: the job is now a failed job (a dead letter). */
  readonly isFinal: boolean;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly durationMs: number;
};

/** Answers a payment verification. After `event.data.answerBy` an answer is too late. */
export type Answerer = (event: PaymentVerificationEvent) => Promise<VerificationAnswer> | VerificationAnswer;

export type ConsumerOptions = {
  /** The same as REDIS_URL of the service. */
  readonly redis: string;
  /**
   * The same as QUEUE_PREFIX of the service.
   *
   * @defaultValue `'paycools'`
   */
  readonly prefix?: string;
  /** Handlers by event type, product or `fallback`. */
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
  /** Called with each event that was handled or skipped. */
  readonly onProcessed?: (processed: Processed) => void;
  /** Called with each attempt that failed. */
  readonly onFailed?: (failed: Failed) => void;
  /** Called with connection errors; the consumer reconnects by itself. */
  readonly onError?: (error: Error) => void;
  /**
   * Continues the trace of the callback in your handlers: `new BullMQOtel({ tracerName: 'shop' })` of the package
   * `bullmq-otel`, with your own OpenTelemetry SDK. No span contains an event, an answer or an error's message.
   */
  readonly telemetry?: Telemetry;
};

/** Workers that take events until they are closed. */
export type Consumer = AsyncDisposable & {
  /** Resolves when every worker is connected. */
  readonly ready: () => Promise<void>;
  /** Takes no more events, finishes those in progress and disconnects; also while Redis is unavailable. */
  readonly close: () => Promise<void>;
};

const REMEMBER_MS = 30 * DAY_MS;
const nothing = (): void => undefined;

const connect = (url: string, onError: (error: Error) => void): RedisClient => {
  const address = parseRedisUrl(url);
  if (!address.ok) throw new TypeError(`redis ${address.error}`);
  const redis = connectReader(address.value, 'paycools-consumer');
  redis.on('error', onError);
  return redis;
};

type Context = {
  readonly redis: RedisClient;
  readonly options: ConsumerOptions;
  /** Jobs that are being handled. */
  readonly handling: Set<Promise<unknown>>;
};

type Processor = (job: Job) => Promise<unknown>;

/** Keeps track of the jobs in progress, so that closing can wait for them. */
const trackInFlight =
  (process: Processor, handling: Context['handling']): Processor =>
  (job) => {
    const work = process(job);
    handling.add(work);
    work.finally(() => handling.delete(work)).catch(() => undefined); // BullMQ reports the failure
    return work;
  };

const failedOf = (job: Job, error: Error): Failed => ({
  job,
  error,
  isFinal: job.finishedOn !== undefined,
  attempt: job.attemptsMade,
  durationMs: Date.now() - (job.processedOn ?? Date.now()),
});

const workerOf = (queue: string, processor: Processor, { redis, options, handling }: Context): Worker => {
  const { prefix = 'paycools', concurrency = 10, onFailed = nothing, onError = nothing, telemetry } = options;
  const worker = new Worker(`{${queue}}`, trackInFlight(processor, handling), {
    connection: redis,
    prefix,
    concurrency,
    skipVersionCheck: true,
    ...(telemetry === undefined ? {} : { telemetry: redactTelemetry(telemetry) }),
  });
  worker.on('error', onError);
  worker.on('failed', (job, error) => {
    if (job !== undefined) onFailed(failedOf(job, error));
  });
  return worker;
};

const eventWorker = (route: Route, context: Context): Worker => {
  const { prefix = 'paycools', handlesStale = false, leaseMs = 60_000, onProcessed = nothing } = context.options;
  const definition = products.find(({ product }) => product === route.product);
  if (definition === undefined) throw new TypeError(`${route.product} is not a product`);
  const once = createOnce({ redis: context.redis, prefix, leaseMs, rememberMs: REMEMBER_MS });
  const schema = productEventSchema(definition);
  return workerOf(route.product, createProcessor({ route, schema, handlesStale, once, onProcessed }), context);
};

/**
 * Takes events from the queues of the service and passes each to its typed handler. An event is delivered at least once:
 * make handlers safe to repeat, or use `context.once`.
 *
 * @throws TypeError when `redis` is not a valid address, HandlersError when an event type has no handler
 */
export const createConsumer = (options: ConsumerOptions): Consumer => {
  const routes = routesOf(options.handlers);
  const redis = connect(options.redis, options.onError ?? nothing);
  const context = { redis, options, handling: new Set<Promise<unknown>>() };
  const workers = routes.map((route) => eventWorker(route, context));
  const { verification } = options;
  if (verification !== undefined) {
    workers.push(
      workerOf(
        'payment-verification',
        async (job) => verification(readEvent(job, paymentVerificationEventSchema)),
        context,
      ),
    );
  }
  const close = async (): Promise<void> => {
    await closeWorkers({ workers, handling: context.handling, redis });
    redis.disconnect();
  };
  return {
    ready: async () => {
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
};
