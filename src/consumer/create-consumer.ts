import { present } from '../core/present.ts';
import { queues } from '../core/queues.ts';
import { parseRedisUrl, type RedisAddress } from '../core/redis-url.ts';
import { connectReader } from '../redis/connection/connection.ts';
import { reportMistakes } from './check-queues.ts';
import { closeWorkers } from './close-workers.ts';
import { createTlsProbe } from './explain-redis-error.ts';
import { createRoutes } from './handlers.ts';
import type { Consumer, ConsumerOptions } from './options.ts';
import { createReporter } from './reporter.ts';
import { startEventWorker, startVerificationWorker } from './start-worker.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const parseAddress = (url: string): RedisAddress => {
  const address = parseRedisUrl(url);
  if (!address.ok) throw new TypeError(`redis ${address.error}`);
  return address.value;
};

const hostsOf = ({ hosts }: RedisAddress): string => hosts.map(({ host, port }) => `${host}:${port}`).join(', ');

/**
 * Creates a consumer, which takes events from the service's queues and passes each to its typed handler. Events are
 * delivered at least once: make handlers safe to repeat, or use `context.once`.
 *
 * @throws TypeError when `redis` is not a valid address, HandlersError when an event type has no handler
 */
export const createConsumer = (options: ConsumerOptions): Consumer => consumeFrom(parseAddress(options.redis), options);

/** Like `createConsumer`, for a parsed address. */
export const consumeFrom = (parsed: RedisAddress, options: Omit<ConsumerOptions, 'redis'>): Consumer => {
  const routes = createRoutes(options.handlers);
  const { prefix = 'paycools', onFailed, onError, verification } = options;
  const address = hostsOf(parsed);
  // biome-ignore lint/suspicious/noConsole: it runs in the merchant's process, and only what has no hook is written
  const write = (text: string): void => console.error(text);
  const probe = createTlsProbe(parsed);
  const reporter = createReporter({ ...present({ onFailed, onError }), address, write, now: Date.now, probe });
  const redis = connectReader(parsed, 'paycools-consumer');
  redis.on('error', reporter.error);
  redis.on('ready', reporter.connected);
  const consumed = [...routes.map(({ queue }) => queue), ...(verification ? [queues.paymentVerification] : [])];
  reportMistakes({ redis, prefix, consumed }, reporter);
  const inFlight = new Set<Promise<unknown>>();
  const context = { redis, prefix, options, reporter, inFlight };
  const workers = [
    ...routes.map((route) => startEventWorker(route, context)),
    ...(verification ? [startVerificationWorker(verification, context)] : []),
  ];
  const close = async (): Promise<void> => {
    reporter.close();
    await closeWorkers({ workers, inFlight, redis });
    redis.disconnect();
  };
  return {
    ready: (readyOptions) =>
      waitUntilReady({ ...readyOptions, workers, address, lastError: reporter.lastError, probe }),
    close,
    [Symbol.asyncDispose]: close,
  };
};
