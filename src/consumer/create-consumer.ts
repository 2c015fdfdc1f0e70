import type { Worker } from 'bullmq';
import { paymentVerificationEventSchema } from '../core/payment-verification.ts';
import { queues } from '../core/queues.ts';
import { parseRedisUrl, type RedisAddress } from '../core/redis-url.ts';
import { DAY_MS } from '../core/time.ts';
import { connectReader, type RedisClient } from '../redis/connection/connection.ts';
import { checkQueues } from './check-queues.ts';
import { closeWorkers } from './close-workers.ts';
import { createTlsProbe } from './explain-redis-error.ts';
import { type Route, routesOf } from './handlers.ts';
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

/** Passes errors on until the consumer is closed: a connection that is cut after that is expected. */
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

/** Reports once, when Redis is first connected, what looks like a mistake in the setup. */
const giveHints = (redis: RedisClient, prefix: string, { reporter, queueNames }: Hints): void => {
  const check = async (): Promise<void> => {
    const sentences = await checkQueues({ redis, prefix, consumed: new Set(queueNames) });
    for (const sentence of sentences) reporter.hint(sentence);
  };
  redis.once('ready', () => void check().catch(nothing));
};

type Hints = { readonly reporter: Reporter; readonly queueNames: readonly string[] };

/**
 * Takes events from the queues of the service and passes each to its typed handler. An event is delivered at least once:
 * make handlers safe to repeat, or use `context.once`.
 *
 * @throws TypeError when `redis` is not a valid address, HandlersError when an event type has no handler
 */
export const createConsumer = (options: ConsumerOptions): Consumer => consumeFrom(addressOf(options.redis), options);

/** As `createConsumer`, for an address that has been read already. */
export const consumeFrom = (parsed: RedisAddress, options: Omit<ConsumerOptions, 'redis'>): Consumer => {
  const routes = routesOf(options.handlers);
  const { prefix = 'paycools', onFailed, onError, verification } = options;
  const address = hostsOf(parsed);
  // biome-ignore lint/suspicious/noConsole: it runs in the merchant's process, and only where there is no hook
  const write = (text: string): void => console.error(text);
  const hooks = { ...(onFailed && { onFailed }), ...(onError && { onError }) };
  const probe = createTlsProbe(parsed);
  const errors = createErrorSink(createReporter({ ...hooks, address, write, now: Date.now, probe }));
  const { reporter } = errors;
  const redis = connectReader(parsed, 'paycools-consumer');
  redis.on('error', reporter.error);
  redis.on('ready', reporter.connected);
  const queueNames = [...routes.map(({ queue }) => queue), ...(verification ? [queues.paymentVerification] : [])];
  giveHints(redis, prefix, { reporter, queueNames });
  const handling = new Set<Promise<unknown>>();
  const workers = startWorkers(routes, { redis, prefix, options, reporter, handling });
  const close = async (): Promise<void> => {
    errors.close();
    await closeWorkers({ workers, handling, redis });
    redis.disconnect();
  };
  return {
    ready: ({ timeoutMs } = {}) =>
      waitUntilReady({
        workers,
        address,
        lastError: errors.last,
        probe,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
};
