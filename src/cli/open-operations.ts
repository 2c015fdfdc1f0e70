import { DAY_MS } from '../core/time.ts';
import type { Operations } from '../operate/operations.ts';
import { createRegistry, products } from '../products/registry.ts';
import { openEventStore } from '../redis/open-event-store.ts';
import { openOperationsOn } from '../service/operations.ts';
import { connectRedis } from './connect-redis.ts';
import { type Io, UsageError } from './io.ts';
import { openConfiguration } from './settings.ts';
import { didYouMean } from './suggest.ts';

/** What operators can do, and the names of all merchants. */
type OpenOperations = {
  readonly operations: Operations;
  readonly merchants: readonly string[];
};

/**
 * Opens the operations on the configured Redis; the stack closes them.
 *
 * @throws CommandError if the configuration is wrong or Redis does not answer
 */
export const openOperations = async (stack: AsyncDisposableStack, io: Io): Promise<OpenOperations> => {
  const { settings, merchants } = openConfiguration(stack, io);
  const { REDIS_URL, QUEUE_PREFIX: prefix, DEDUPLICATION_DAYS } = settings.service;
  const redis = await connectRedis(stack, REDIS_URL);
  const registry = createRegistry(products);
  const families = [...registry.byProduct.keys()];
  const events = openEventStore({ redis, prefix, deduplicationMs: DEDUPLICATION_DAYS * DAY_MS, families });
  const { operations } = openOperationsOn(stack, {
    redis,
    settings: settings.service,
    merchants,
    ports: { registry, ...events },
    now: io.now,
    onAction: ({ id, message }) => io.err(`${id}: ${message}\n`),
    onError: () => undefined,
  });
  return { operations, merchants: merchants.names };
};

/** @throws UsageError for a merchant that is not configured */
export const checkMerchant = (merchants: readonly string[], name: string | undefined): void => {
  if (name === undefined || merchants.includes(name)) return;
  throw new UsageError(`--merchant ${name} is not configured${didYouMean(name, merchants)}`);
};
