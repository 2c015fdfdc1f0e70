import type { Queue } from 'bullmq';
import type { AnyEvent } from '../core/event.ts';
import { DAY_MS } from '../core/time.ts';
import { createRegistry, products, type Registry } from '../products/registry.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import { connectReader, type RedisClient } from '../redis/connection.ts';
import { BullEventQueue, openQueue } from '../redis/event-queue.ts';
import { RedisLedger } from '../redis/redis-ledger.ts';
import type { MerchantDirectory } from '../service/merchant-directory.ts';
import { CommandError, type Io } from './io.ts';
import { openConfiguration } from './settings.ts';

/** What a command needs of a running service's Redis. */
export type CommandStore = AsyncDisposable & {
  readonly registry: Registry;
  readonly merchants: MerchantDirectory;
  readonly ports: DeliverPorts;
  readonly queue: (name: string) => Queue<AnyEvent>;
};

const connected = async (redis: RedisClient): Promise<void> => {
  const { promise, reject } = Promise.withResolvers<never>();
  redis.once('error', () => reject(new CommandError('Redis does not answer: check REDIS_URL')));
  promise.catch(() => undefined);
  await Promise.race([redis.ping(), promise]);
  redis.on('error', () => undefined);
};

/**
 * Opens the Redis that the environment names, as the service does.
 *
 * @throws CommandError when the configuration is wrong or Redis does not answer
 */
export const openCommandStore = async (io: Io): Promise<CommandStore> => {
  await using stack = new AsyncDisposableStack();
  const { settings, merchants } = openConfiguration(stack, io);
  const { service } = settings;
  const redis = connectReader(service.REDIS_URL, 'paycools-cli');
  stack.defer(() => redis.disconnect());
  await connected(redis);
  const prefix = service.QUEUE_PREFIX;
  const deduplicationMs = service.DEDUPLICATION_DAYS * DAY_MS;
  const nothing = (): void => undefined;
  const replicated = async (): Promise<void> => undefined;
  const queue = new BullEventQueue({ redis, prefix, deduplicationMs, replicated });
  const ledger = new RedisLedger({ redis, prefix, retentionMs: deduplicationMs });
  const registry = createRegistry(products);
  const running = stack.move();
  return {
    registry,
    merchants,
    ports: { registry, ledger, queue },
    queue: (name) => openQueue({ redis, prefix, onError: nothing }, name),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
