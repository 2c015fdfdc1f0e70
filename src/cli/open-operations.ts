import { DAY_MS } from '../core/time.ts';
import { createOperations } from '../operate/create-operations.ts';
import type { Operations } from '../operate/operations.ts';
import { createRegistry, products } from '../products/registry.ts';
import { RedisAuditLog } from '../redis/audit-log.ts';
import { connectReader, type RedisClient } from '../redis/connection/connection.ts';
import { cipherOf } from '../redis/journal/journal-cipher.ts';
import { RedisJournalReader } from '../redis/journal/journal-reader.ts';
import { RedisLedger } from '../redis/ledger/redis-ledger.ts';
import { BullEventQueue } from '../redis/queue/event-queue.ts';
import { BullJobBrowser } from '../redis/queue/job-browser.ts';
import { CommandError, type Io } from './io.ts';
import { openConfiguration } from './settings.ts';

const connected = async (redis: RedisClient): Promise<void> => {
  const { promise, reject } = Promise.withResolvers<never>();
  redis.once('error', () => reject(new CommandError('Redis does not answer: check REDIS_URL')));
  promise.catch(() => undefined);
  await Promise.race([redis.ping(), promise]);
  redis.on('error', () => undefined);
};

/**
 * Opens the operators' functions on the Redis that the environment names; the stack closes it.
 *
 * @throws CommandError when the configuration is wrong or Redis does not answer
 */
export const openOperations = async (stack: AsyncDisposableStack, io: Io): Promise<Operations> => {
  const { settings, merchants } = openConfiguration(stack, io);
  const { REDIS_URL, QUEUE_PREFIX: prefix, DEDUPLICATION_DAYS, JOURNAL_KEY } = settings.service;
  const redis = connectReader(REDIS_URL, 'paycools-cli');
  stack.defer(() => redis.disconnect());
  await connected(redis);
  const deduplicationMs = DEDUPLICATION_DAYS * DAY_MS;
  const queue = new BullEventQueue({ redis, prefix, deduplicationMs, waitForReplicas: noReplicas });
  const ledger = new RedisLedger({ redis, prefix, retentionMs: deduplicationMs });
  return createOperations({
    journal: new RedisJournalReader({ redis, prefix, cipher: cipherOf(JOURNAL_KEY), now: io.now }),
    jobs: stack.use(new BullJobBrowser({ redis, prefix, onError: () => undefined })),
    auditLog: new RedisAuditLog({ redis, prefix }),
    ports: { registry: createRegistry(products), ledger, queue },
    merchants,
    now: io.now,
    onAction: ({ id, message }) => io.err(`${id}: ${message}\n`),
  });
};

const noReplicas = async (): Promise<void> => undefined;

/** The actor that the audit log records. */
export const actorOf = ({ env }: Io): string => `cli ${env['USER'] ?? env['LOGNAME'] ?? 'unknown'}`;
