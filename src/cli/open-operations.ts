import { DAY_MS } from '../core/time.ts';
import { createOperations } from '../operate/create-operations.ts';
import type { Operations } from '../operate/operations.ts';
import { createRegistry, products } from '../products/registry.ts';
import type { JournalReader } from '../receive/journal.ts';
import { RedisAttemptLog } from '../redis/attempt-log.ts';
import { RedisAuditLog } from '../redis/audit-log.ts';
import { RedisPaymentIndex } from '../redis/index/payment-index.ts';
import { cipherOf } from '../redis/journal/journal-cipher.ts';
import { RedisJournalReader } from '../redis/journal/journal-reader.ts';
import { openEventStore } from '../redis/open-event-store.ts';
import { BullJobBrowser } from '../redis/queue/job-browser.ts';
import { createAskPaycools } from '../service/ask-paycools.ts';
import { connectRedis } from './connect-redis.ts';
import { type Io, UsageError } from './io.ts';
import { openConfiguration } from './settings.ts';
import { didYouMean } from './suggest.ts';

/** What operators can do, and the names of the merchants. */
type OpenOperations = {
  readonly operations: Operations;
  readonly journal: JournalReader;
  readonly merchants: readonly string[];
};

/**
 * Opens the operators' functions on the Redis that the environment names; the stack closes it.
 *
 * @throws CommandError when the configuration is wrong or Redis does not answer
 */
export const openOperations = async (stack: AsyncDisposableStack, io: Io): Promise<OpenOperations> => {
  const { settings, merchants } = openConfiguration(stack, io);
  const { REDIS_URL, QUEUE_PREFIX: prefix, DEDUPLICATION_DAYS, JOURNAL_KEY } = settings.service;
  const redis = await connectRedis(stack, REDIS_URL);
  const deduplicationMs = DEDUPLICATION_DAYS * DAY_MS;
  const events = openEventStore({ redis, prefix, deduplicationMs });
  const index = new RedisPaymentIndex({
    redis,
    prefix,
    retentionMs: deduplicationMs,
    merchants: () => merchants.names,
    now: io.now,
  });
  const operations = createOperations({
    journal: new RedisJournalReader({ redis, prefix, cipher: cipherOf(JOURNAL_KEY) }),
    index,
    attemptLog: new RedisAttemptLog({ redis, prefix }),
    askPaycools: createAskPaycools(merchants),
    jobs: stack.use(new BullJobBrowser({ redis, prefix, onError: () => undefined })),
    auditLog: new RedisAuditLog({ redis, prefix }),
    ports: { registry: createRegistry(products), ...events },
    merchants,
    now: io.now,
    onAction: ({ id, message }) => io.err(`${id}: ${message}\n`),
  });
  return { operations, journal: operations.journal, merchants: merchants.names };
};

/** Who acts: a name that was given, else the one of the system's user. */
export const actorName = ({ env }: Io, name?: string): string => name ?? env['USER'] ?? env['LOGNAME'] ?? 'unknown';

/** The same as the audit log records it. */
export const actorOf = (io: Io, name?: string): string => `cli ${actorName(io, name)}`;

/** @throws UsageError for a merchant that is not configured */
export const checkMerchant = (merchants: readonly string[], name: string | undefined): void => {
  if (name === undefined || merchants.includes(name)) return;
  throw new UsageError(`--merchant ${name} is not configured${didYouMean(name, merchants)}`);
};
