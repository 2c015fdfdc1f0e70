import type { Redis } from 'ioredis';
import type { ServiceSettings } from '../config/environment.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Registry } from '../products/registry.ts';
import { FINDINGS_QUEUE } from '../receive/findings.ts';
import type { Deadline, EventQueue, Ledger, ReadinessCheck, Verifier } from '../receive/ports.ts';
import { QUESTIONS_QUEUE } from '../receive/question.ts';
import { UNRECOGNIZED_QUEUE } from '../receive/unrecognized.ts';
import { BullVerifier } from '../redis/bull-verifier.ts';
import { connectProducer } from '../redis/connection.ts';
import { createDeadline } from '../redis/deadline.ts';
import { BullEventQueue } from '../redis/event-queue.ts';
import { createRedisCheck } from '../redis/redis-check.ts';
import { RedisLedger } from '../redis/redis-ledger.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Everything that stands in Redis, behind the ports of the use case. */
export type Store = {
  readonly ledger: Ledger;
  readonly queue: EventQueue;
  readonly verifier: Verifier;
  readonly deadline: Deadline;
  readonly check: ReadinessCheck;
};

export type StoreOptions = {
  readonly settings: ServiceSettings;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly metrics: Metrics;
};

/** Says once when the connection is lost and once when it is back, not at every attempt in between. */
const logConnection = (redis: Redis, logger: Logger): void => {
  let isUp = false;
  redis.on('error', (err) => logger.debug({ err }, 'redis'));
  redis.on('ready', () => {
    isUp = true;
    logger.info('redis is connected');
  });
  redis.on('close', () => {
    if (isUp) logger.warn('redis is gone');
    isUp = false;
  });
};

const timed = (queue: EventQueue, { enqueueDuration }: Metrics): EventQueue => ({
  enqueue: async (name, event) => {
    const stop = enqueueDuration.startTimer();
    const stored = await queue.enqueue(name, event);
    stop();
    return stored;
  },
});

/** Connects to Redis, and to what stands there. It does not wait for it: until Redis is there, nothing is accepted. */
export const openStore = (stack: AsyncDisposableStack, options: StoreOptions): Store => {
  const { settings, logger, registry, metrics } = options;
  const { QUEUE_PREFIX: prefix, ENQUEUE_TIMEOUT_MS: timeoutMs } = settings;
  const deduplicationMs = settings.DEDUPLICATION_DAYS * DAY_MS;
  const onError = (err: Error): void => logger.debug({ err }, 'queue');

  const redis = connectProducer({ url: settings.REDIS_URL, name: 'paycools-receiver' });
  stack.defer(() => redis.disconnect());
  logConnection(redis, logger);
  const names = [...registry.byProduct.keys(), UNRECOGNIZED_QUEUE, FINDINGS_QUEUE];
  const queue = new BullEventQueue({ redis, prefix, deduplicationMs, names, onError });
  stack.defer(() => queue.close());
  const verifier = new BullVerifier({
    redis,
    prefix,
    queue: QUESTIONS_QUEUE,
    timeoutMs: settings.VERIFICATION_TIMEOUT_MS,
    fallback:
      settings.VERIFICATION_DEFAULT === 'accept' ? { answer: 'accept' } : { answer: 'reject', reason: 'general' },
    onError,
  });
  stack.defer(() => verifier.close());
  return {
    ledger: new RedisLedger({ redis, prefix, retentionMs: deduplicationMs }),
    queue: timed(queue, metrics),
    verifier,
    deadline: createDeadline(timeoutMs),
    check: createRedisCheck(redis, timeoutMs),
  };
};
