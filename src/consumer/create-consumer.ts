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
  /** Whether there will be no other attempt: the job is a dead letter now. */
  readonly isFinal: boolean;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly durationMs: number;
};

/** Answers a payment verification. After `event.data.answerBy` the answer comes too late. */
export type Answerer = (question: PaymentVerificationEvent) => Promise<VerificationAnswer> | VerificationAnswer;

export type ConsumerOptions = {
  /** As REDIS_URL of the service. */
  readonly redis: string;
  /** As QUEUE_PREFIX of the service. Default paycools. */
  readonly prefix?: string;
  readonly handlers: Handlers;
  /** Answers whether a virtual-account payment may be collected. */
  readonly verification?: Answerer;
  /** Events that are handled at the same time, for each queue. Default 10. */
  readonly concurrency?: number;
  /** Whether handlers get events flagged `stale` too. Default false: they are older than what is known, and done with. */
  readonly handlesStale?: boolean;
  /** How long an effect under `once` may take before another worker may begin it, in milliseconds. Default 60,000. */
  readonly leaseMs?: number;
  /** Hears of each event that was handled or left out. */
  readonly onProcessed?: (processed: Processed) => void;
  /** Hears of each attempt that failed. */
  readonly onFailed?: (failed: Failed) => void;
  /** Hears of trouble with the connection; consuming goes on by itself. */
  readonly onError?: (error: Error) => void;
  /**
   * Goes on with the trace of the callback in your handlers: `new BullMQOtel({ tracerName: 'shop' })` of the package `bullmq-otel`, with
   * an OpenTelemetry SDK of yours. No span holds an event, an answer or an error's message.
   */
  readonly telemetry?: Telemetry;
};

/** Workers that take events until they are closed. */
export type Consumer = AsyncDisposable & {
  /** Resolves when every worker is connected. */
  readonly ready: () => Promise<void>;
  /** Takes no more, finishes what is being handled, and disconnects; also while Redis is away. */
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
  /** What is being handled now. */
  readonly handling: Set<Promise<unknown>>;
};

type Processor = (job: Job) => Promise<unknown>;

/** Remembers what is being handled until it is done. */
const remembering =
  (process: Processor, handling: Context['handling']): Processor =>
  (job) => {
    const work = process(job);
    handling.add(work);
    work.finally(() => handling.delete(work)).catch(() => undefined); // BullMQ hears of the failure
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
  const worker = new Worker(`{${queue}}`, remembering(processor, handling), {
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
  if (definition === undefined) throw new TypeError(`there is no product ${route.product}`);
  const once = createOnce({ redis: context.redis, prefix, leaseMs, rememberMs: REMEMBER_MS });
  const schema = productEventSchema(definition);
  return workerOf(route.product, createProcessor({ route, schema, handlesStale, once, onProcessed }), context);
};

/**
 * Takes events from the queues of the service and gives each to its typed handler. An event comes at least once: make
 * handlers safe to repeat, or use `context.once`.
 *
 * @throws TypeError when the address of Redis is wrong, HandlersError when the handlers leave an event type open
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
