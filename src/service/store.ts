import { Redis } from 'ioredis';
import type { ServiceSettings } from '../config/environment.ts';
import { queues } from '../core/queues.ts';
import { DAY_MS } from '../core/time.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Deadline, PaymentApprover } from '../receive/ports.ts';
import { connectProducer, connectReader, type RedisClient } from '../redis/connection/connection.ts';
import { DurabilityGate } from '../redis/connection/durability-gate.ts';
import { explainUnreachable } from '../redis/connection/explain-unreachable.ts';
import { createReplicationWait } from '../redis/connection/replication.ts';
import { createDeadline } from '../redis/deadline.ts';
import { type EventStore, openEventStore } from '../redis/open-event-store.ts';
import { BullPaymentApprover } from '../redis/queue/bull-payment-approver.ts';
import { isBullMqProved } from '../redis/queue/bullmq-digest.ts';
import type { ServiceContext } from './context.ts';
import type { OpenTracing } from './tracing.ts';

/** Everything that is in Redis, behind the ports of the use case. */
export type Store = EventStore & {
  readonly redis: RedisClient;
  readonly approver: PaymentApprover;
  readonly deadline: Deadline;
  readonly gate: DurabilityGate;
};

export type StoreOptions = ServiceContext & {
  readonly tracing: OpenTracing;
  /** Names of all product families. */
  readonly families: readonly string[];
};

/** Logs once when the connection is lost and once when it is back, not at every attempt in between. */
const logConnection = (redis: RedisClient, logger: Logger): void => {
  let isUp = false;
  redis.on('error', (err) => logger.debug({ err }, 'redis'));
  redis.on('ready', () => {
    isUp = true;
    logger.info('redis is connected');
  });
  redis.on('close', () => {
    if (isUp) logger.warn('redis is disconnected');
    isUp = false;
  });
};

/** Measures how long it takes to put an event on its queue. */
const timed = ({ ledger, queue, commit }: EventStore, { enqueueDuration }: Metrics): EventStore => {
  const time = async <Result>(work: Promise<Result>, isStored: (result: Result) => boolean): Promise<Result> => {
    const started = performance.now();
    const result = await work;
    if (isStored(result)) enqueueDuration.observe((performance.now() - started) / 1000);
    return result;
  };
  return {
    ledger,
    queue: { enqueue: (name, event, deduplicationId) => time(queue.enqueue(name, event, deduplicationId), () => true) },
    commit: commit === null ? null : (event) => time(commit(event), (result) => result !== null && 'added' in result),
  };
};

const replicationOf = (
  redis: RedisClient,
  { DURABILITY: durability, ENQUEUE_TIMEOUT_MS: timeoutMs }: ServiceSettings,
) =>
  durability.level === 'replicas' && redis instanceof Redis
    ? createReplicationWait({ redis, count: durability.count, timeoutMs })
    : () => Promise.resolve();

const openGate = (redis: RedisClient, { settings, logger, metrics }: StoreOptions): DurabilityGate => {
  const gate = new DurabilityGate({
    redis,
    durability: settings.DURABILITY,
    timeoutMs: settings.ENQUEUE_TIMEOUT_MS,
    explain: (error) => explainUnreachable(error, settings.REDIS_URL),
    onChange: (reasons) => {
      metrics.redisUp.set(reasons.redis === undefined ? 1 : 0);
      metrics.durabilityOk.set(reasons.durability === undefined ? 1 : 0);
      if (Object.keys(reasons).length === 0) logger.info('redis is available and meets DURABILITY');
      else logger.warn({ reasons }, 'redis is unavailable, short of memory or does not meet DURABILITY');
    },
  });
  metrics.redisUp.set(0);
  metrics.durabilityOk.set(0);
  return gate;
};

const openApprover = (redis: RedisClient, { settings, logger, tracing }: StoreOptions): BullPaymentApprover =>
  new BullPaymentApprover({
    redis,
    reader: connectReader(settings.REDIS_URL, 'paycools-answers'),
    prefix: settings.QUEUE_PREFIX,
    queue: queues.paymentVerification,
    timeoutMs: settings.VERIFICATION_TIMEOUT_MS,
    fallback:
      settings.VERIFICATION_DEFAULT === 'accept' ? { answer: 'accept' } : { answer: 'reject', reason: 'general' },
    onError: (err) => logger.debug({ err }, 'answers'),
    telemetry: tracing?.telemetry,
  });

const UNPROVED =
  "this version of bullmq is not one that the receiver's script was proved equal to, so bullmq's own script adds events, at about twice the cost for Redis: install the locked dependencies (npm ci)";

/** Connects to Redis and opens the ledger, queue and gate. It does not wait: until Redis answers, the spool takes over. */
export const openStore = (stack: AsyncDisposableStack, options: StoreOptions): Store => {
  const { settings, logger, metrics, tracing, families } = options;
  const { QUEUE_PREFIX: prefix } = settings;
  const deduplicationMs = settings.DEDUPLICATION_DAYS * DAY_MS;
  const redis = connectProducer(settings.REDIS_URL, 'paycools-receiver');
  stack.defer(() => redis.disconnect());
  logConnection(redis, logger);
  const gate = stack.use(openGate(redis, options));
  const isScriptProved = isBullMqProved();
  if (!isScriptProved) logger.warn(UNPROVED);
  const events = openEventStore({
    redis,
    prefix,
    families,
    deduplicationMs,
    waitForReplicas: replicationOf(redis, settings),
    confirm: (report) => gate.confirm(report),
    telemetry: tracing?.telemetry,
    isScriptProved,
  });
  const approver = openApprover(redis, options);
  stack.defer(() => approver.close());
  return {
    redis,
    ...timed(events, metrics),
    approver,
    deadline: createDeadline(settings.ENQUEUE_TIMEOUT_MS),
    gate,
  };
};
