import type { Worker } from 'bullmq';
import { paymentVerificationEventSchema } from '../core/payment-verification.ts';
import { present } from '../core/present.ts';
import { queues } from '../core/queues.ts';
import { parseRedisUrl, type RedisAddress } from '../core/redis-url.ts';
import { DAY_MS } from '../core/time.ts';
import { connectReader, type RedisClient } from '../redis/connection/connection.ts';
import { checkQueues } from './check-queues.ts';
import { closeWorkers } from './close-workers.ts';
import { createTlsProbe } from './explain-redis-error.ts';
import { createRoutes, type Route } from './handlers.ts';
import { createOnce } from './once.ts';
import type { Consumer, ConsumerOptions } from './options.ts';
import { createProcessor, readEvent } from './process-event.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { startWorker, type WorkerContext } from './start-worker.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const REMEMBER_MS = 30 * DAY_MS;
const nothing = (): void => undefined;

const addressOf = (url: string): RedisAddress => {
  const address = parseRedisUrl(url);
  if (!address.ok) throw new TypeError(`redis ${address.error}`);
  return address.value;
};

const hostsOf = ({ hosts }: RedisAddress): string => hosts.map(({ host, port }) => `${host}:${port}`).join(', ');

/** Forwards errors until the consumer is closed, because a connection is expected to fail after that. */
const createErrorSink = (reporter: Reporter) => {
  let last: Error | null = null;
  let isOpen = true;
  return {
    last: () => last,
    close: () => {
      isOpen = false;
    },
    reporter: {
      ...reporter,
      error: (error: Error): void => {
        last = error;
        if (isOpen) reporter.error(error);
      },
    },
  };
};

const startEventWorker = (route: Route, context: WorkerContext): Worker => {
  const { redis, prefix, options } = context;
  const { handlesStale = false, leaseMs = 60_000, onProcessed = nothing } = options;
  const once = createOnce({ redis, prefix, leaseMs, rememberMs: REMEMBER_MS });
  return startWorker(route.queue, createProcessor({ route, handlesStale, once, onProcessed }), context);
};

const startWorkers = (routes: readonly Route[], context: WorkerContext): Worker[] => {
  const workers = routes.map((route) => startEventWorker(route, context));
  const { verification } = context.options;
  if (verification === undefined) return workers;
  const processor = async (job: Parameters<typeof readEvent>[0]) =>
    verification(readEvent(job, paymentVerificationEventSchema));
  return [...workers, startWorker(queues.paymentVerification, processor, context)];
};

type Hints = { readonly reporter: Reporter; readonly queueNames: readonly string[] };

/** Reports likely mistakes in the setup once, when Redis is first connected. */
const reportHints = (redis: RedisClient, prefix: string, { reporter, queueNames }: Hints): void => {
  const check = async (): Promise<void> => {
    const sentences = await checkQueues({ redis, prefix, consumed: new Set(queueNames) });
    for (const sentence of sentences) reporter.hint(sentence);
  };
  redis.once('ready', () => void check().catch(nothing));
};

/**
 * Creates a consumer, which takes events from the service's queues and passes each to its typed handler. Events are
 * delivered at least once: make handlers safe to repeat, or use `context.once`.
 *
 * @throws TypeError when `redis` is not a valid address, HandlersError when an event type has no handler
 */
export const createConsumer = (options: ConsumerOptions): Consumer => consumeFrom(addressOf(options.redis), options);

/** Like `createConsumer`, for a parsed address. */
export const consumeFrom = (parsed: RedisAddress, options: Omit<ConsumerOptions, 'redis'>): Consumer => {
  const routes = createRoutes(options.handlers);
  const { prefix = 'paycools', onFailed, onError, verification } = options;
  const address = hostsOf(parsed);
  // biome-ignore lint/suspicious/noConsole: it runs in the merchant's process, and only where there is no hook
  const write = (text: string): void => console.error(text);
  const probe = createTlsProbe(parsed);
  const errors = createErrorSink(
    createReporter({ ...present({ onFailed, onError }), address, write, now: Date.now, probe }),
  );
  const { reporter } = errors;
  const redis = connectReader(parsed, 'paycools-consumer');
  redis.on('error', reporter.error);
  redis.on('ready', reporter.connected);
  const queueNames = [...routes.map(({ queue }) => queue), ...(verification ? [queues.paymentVerification] : [])];
  reportHints(redis, prefix, { reporter, queueNames });
  const inFlight = new Set<Promise<unknown>>();
  const workers = startWorkers(routes, { redis, prefix, options, reporter, inFlight });
  const close = async (): Promise<void> => {
    errors.close();
    await closeWorkers({ workers, inFlight, redis });
    redis.disconnect();
  };
  return {
    ready: (readyOptions) => waitUntilReady({ ...readyOptions, workers, address, lastError: errors.last, probe }),
    close,
    [Symbol.asyncDispose]: close,
  };
};
