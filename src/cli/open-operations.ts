import { DAY_MS } from '../core/time.ts';
import type { Operations } from '../operate/operations.ts';
import { createRegistry, products } from '../products/registry.ts';
import { openEventStore } from '../redis/open-event-store.ts';
import { openOperationsOn } from '../service/operations.ts';
import { connectRedis } from './connect-redis.ts';
import type { Io } from './io.ts';
import { openConfiguration } from './settings.ts';

/**
 * Opens the operations on the configured Redis; the stack closes them.
 *
 * @param merchant must be configured, if it is given
 * @throws UsageError if `merchant` is not configured
 * @throws CommandError if the configuration is wrong or Redis does not answer
 */
export const openOperations = async (stack: AsyncDisposableStack, io: Io, merchant?: string): Promise<Operations> => {
  const { settings, merchants } = openConfiguration(stack, io, merchant);
  const { REDIS_URL, QUEUE_PREFIX: prefix, DEDUPLICATION_DAYS } = settings;
  const redis = await connectRedis(stack, REDIS_URL);
  const registry = createRegistry(products);
  const families = [...registry.byProduct.keys()];
  const events = openEventStore({ redis, prefix, deduplicationMs: DEDUPLICATION_DAYS * DAY_MS, families });
  const { operations } = openOperationsOn(stack, {
    redis,
    settings,
    merchants,
    ports: { registry, ...events },
    now: io.now,
    onAction: ({ id, message }) => io.err(`${id}: ${message}\n`),
    onError: () => undefined,
  });
  return operations;
};
