import { type Job, Worker } from 'bullmq';
import type { VerificationEvent } from '../core/event.ts';
import { parseRedisUrl } from '../core/redis-url.ts';
import { DAY_MS } from '../core/time.ts';
import type { VerificationAnswer } from '../core/verification.ts';
import { productEventSchema } from '../products/event.ts';
import { products } from '../products/registry.ts';
import { connectReader, type RedisClient } from '../redis/connection.ts';
import { type Handlers, type Route, routesOf } from './handlers.ts';
import { createOnce } from './once.ts';
import { createProcessor, type Processed } from './process-event.ts';

/** Answers a payment verification. After `event.data.answerBy` the answer comes too late. */
export type Answerer = (question: VerificationEvent) => Promise<VerificationAnswer> | VerificationAnswer;

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
  /** Hears of each attempt that failed; `isFinal` when there will be no other. */
  readonly onFailed?: (failure: { readonly job: Job; readonly error: Error; readonly isFinal: boolean }) => void;
  /** Hears of trouble with the connection; consuming goes on by itself. */
  readonly onError?: (error: Error) => void;
};

/** Workers that take events until they are closed. */
export type Consumer = AsyncDisposable & {
  /** Resolves when every worker is connected. */
  readonly ready: () => Promise<void>;
  /** Takes no more, finishes what is being handled, and disconnects. While Redis is away it does not wait. */
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

type Context = { readonly redis: RedisClient; readonly options: ConsumerOptions };

const workerOf = (queue: string, processor: (job: Job) => Promise<unknown>, { redis, options }: Context): Worker => {
  const { prefix = 'paycools', concurrency = 10, onFailed = nothing, onError = nothing } = options;
  const worker = new Worker(`{${queue}}`, processor, {
    connection: redis,
    prefix,
    concurrency,
    skipVersionCheck: true,
  });
  worker.on('error', onError);
  worker.on('failed', (job, error) => {
    if (job !== undefined) onFailed({ job, error, isFinal: job.finishedOn !== undefined });
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
  const context = { redis, options };
  const workers = routes.map((route) => eventWorker(route, context));
  const { verification } = options;
  if (verification !== undefined) {
    workers.push(
      workerOf('payment-verification', async ({ data }) => verification(data as VerificationEvent), context),
    );
  }
  const close = async (): Promise<void> => {
    // While Redis is away a worker would wait for it (taskforcesh/bullmq#4656). What is handled now comes again anyway.
    const isAway = redis.status !== 'ready';
    await Promise.all(workers.map((worker) => worker.close(isAway)));
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
