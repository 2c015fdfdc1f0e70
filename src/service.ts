import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Environment } from './config/environment.ts';
import { buildOpsListener, type ReadinessCheck } from './http/ops-listener.ts';
import { buildPublicListener } from './http/public-listener.ts';
import { createCallbackObserver } from './observe/callbacks.ts';
import type { Logger } from './observe/logger.ts';
import { createMetrics, type Metrics } from './observe/metrics.ts';
import type { ProductDefinition } from './products/definition.ts';
import { createRegistry, products } from './products/registry.ts';
import type { EventQueue, Ledger, Merchant } from './receive/ports.ts';
import { receive } from './receive/receive.ts';
import { connectProducer } from './redis/connection.ts';
import { createDeadline } from './redis/deadline.ts';
import { BullEventQueue } from './redis/event-queue.ts';
import { createRedisCheck } from './redis/redis-check.ts';
import { RedisLedger } from './redis/redis-ledger.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type ServiceOptions = {
  readonly environment: Environment;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly definitions?: readonly ProductDefinition[];
};

/** The running service. */
export type Service = AsyncDisposable & {
  /** Where the listeners are, `http://host:port`. */
  readonly publicUrl: string;
  readonly opsUrl: string;
};

const merchantOf = (environment: Environment): Merchant => {
  const secrets = [environment.PAYCOOLS_CALLBACK_SECRET, environment.PAYCOOLS_CALLBACK_SECRET_PREVIOUS];
  return {
    name: 'default',
    keys: { secrets: secrets.filter((secret) => secret !== null) },
    timeZone: environment.PAYCOOLS_TIME_ZONE,
  };
};

const listen = async (app: FastifyInstance, host: string, port: number): Promise<string> => {
  await app.listen({ host, port });
  const { port: bound } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
};

type Store = {
  readonly ledger: Ledger;
  readonly queue: EventQueue;
  readonly check: ReadinessCheck;
};

/** Connects to Redis, and to what stands there. It does not wait for it: until Redis is there, nothing is accepted. */
const openStore = (stack: AsyncDisposableStack, { environment, logger }: ServiceOptions, metrics: Metrics): Store => {
  const { QUEUE_PREFIX: prefix, ENQUEUE_TIMEOUT_MS: timeoutMs } = environment;
  const deduplicationMs = environment.DEDUPLICATION_DAYS * DAY_MS;
  const redis = connectProducer({ url: environment.REDIS_URL, name: 'paycools-receiver' });
  stack.defer(() => redis.disconnect());
  const onError = (err: Error): void => logger.debug({ err }, 'redis');
  redis.on('error', onError);
  const bull = new BullEventQueue({ redis, prefix, deduplicationMs, onError });
  stack.defer(() => bull.close());
  const queue: EventQueue = {
    enqueue: async (name, event) => {
      const stop = metrics.enqueueDuration.startTimer();
      const stored = await bull.enqueue(name, event);
      stop();
      return stored;
    },
  };
  const ledger = new RedisLedger({ redis, prefix, retentionMs: deduplicationMs });
  return { ledger, queue, check: createRedisCheck(redis, timeoutMs) };
};

const exposition = async ({ registry, redisUp }: Metrics, check: ReadinessCheck) => {
  redisUp.set((await check.check()) === null ? 1 : 0);
  return { contentType: registry.contentType, body: await registry.metrics() };
};

/**
 * Builds the service and starts listening. Everything that it opens goes on one stack and is released in reverse
 * order, also when a later step fails: readiness first, then the listeners with what is in flight, then Redis.
 */
export const startService = async (options: ServiceOptions): Promise<Service> => {
  const { environment, logger, now, definitions = products } = options;
  await using stack = new AsyncDisposableStack();
  const registry = createRegistry(definitions);
  const metrics = createMetrics();
  const { ledger, queue, check } = openStore(stack, options, metrics);
  const merchant = merchantOf(environment);
  const merchants = { find: (name: string) => (name === merchant.name ? merchant : undefined) };
  const onBug = (err: unknown): void => logger.error({ err }, 'unexpected error');
  let isStopping = false;

  const ports = { registry, merchants, ledger, queue, deadline: createDeadline(environment.ENQUEUE_TIMEOUT_MS) };
  const publicApp = buildPublicListener({
    receive: (inbound) => receive(ports, inbound),
    products: new Set(registry.byProduct.keys()),
    bodyLimit: environment.BODY_LIMIT,
    now,
    onBug,
    onCallback: createCallbackObserver({ metrics, logger, merchants, registry }),
  });
  const opsApp = buildOpsListener({
    checks: [check],
    isStopping: () => isStopping,
    metrics: () => exposition(metrics, check),
    onBug,
  });
  stack.defer(() => opsApp.close());
  stack.defer(() => publicApp.close());
  stack.defer(() => {
    isStopping = true;
  });

  const opsUrl = await listen(opsApp, environment.OPS_HOST, environment.OPS_PORT);
  const publicUrl = await listen(publicApp, environment.HOST, environment.PORT);
  const running = stack.move();
  return { publicUrl, opsUrl, [Symbol.asyncDispose]: () => running.disposeAsync() };
};
