import { loadSettings } from '../config/load.ts';
import { createRegistry, products, type Registry } from '../products/registry.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import { connectReader, type RedisClient } from '../redis/connection.ts';
import { BullEventQueue, openQueue } from '../redis/event-queue.ts';
import { RedisLedger } from '../redis/redis-ledger.ts';
import { MerchantDirectory } from '../service/merchant-directory.ts';
import { CommandError, type Io } from './io.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a command needs of a running service's Redis. */
export type CommandStore = AsyncDisposable & {
  readonly registry: Registry;
  readonly merchants: MerchantDirectory;
  readonly ports: DeliverPorts;
  readonly queue: (name: string) => ReturnType<typeof openQueue>;
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
  const settings = loadSettings(io);
  if (!settings.ok) throw new CommandError(settings.error.map((it) => `${it.name} ${it.problem}`).join('\n'));
  const nothing = (): void => undefined;
  const { service } = settings.value;
  const merchants = MerchantDirectory.open({
    settings: settings.value,
    readFile: io.readFile,
    onLoaded: nothing,
    onRefused: nothing,
  });
  if (!merchants.ok) throw new CommandError(merchants.error.map((it) => `${it.name} ${it.problem}`).join('\n'));
  await using stack = new AsyncDisposableStack();
  stack.use(merchants.value);
  const redis = connectReader(service.REDIS_URL, 'paycools-cli');
  stack.defer(() => redis.disconnect());
  await connected(redis);
  const prefix = service.QUEUE_PREFIX;
  const deduplicationMs = service.DEDUPLICATION_DAYS * DAY_MS;
  const replicated = async (): Promise<void> => undefined;
  const queue = new BullEventQueue({ redis, prefix, deduplicationMs, names: [], replicated, onError: nothing });
  stack.defer(() => queue.close());
  const ledger = new RedisLedger({ redis, prefix, retentionMs: deduplicationMs });
  const registry = createRegistry(products);
  const running = stack.move();
  return {
    registry,
    merchants: merchants.value,
    ports: { registry, ledger, queue },
    queue: (name) => openQueue({ redis, prefix, onError: nothing }, name),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
