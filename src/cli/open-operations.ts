import { DAY_MS } from '../core/time.ts';
import { createOperations } from '../operate/create-operations.ts';
import type { Operations } from '../operate/operations.ts';
import { searchableJournal } from '../operate/search-journal.ts';
import { createRegistry, products } from '../products/registry.ts';
import { RedisAuditLog } from '../redis/audit-log.ts';
import { connectReader, type RedisClient } from '../redis/connection/connection.ts';
import { untilReady } from '../redis/connection/until-ready.ts';
import { RedisPaymentIndex } from '../redis/index/payment-index.ts';
import { cipherOf } from '../redis/journal/journal-cipher.ts';
import { RedisJournalReader } from '../redis/journal/journal-reader.ts';
import { openEventStore } from '../redis/open-event-store.ts';
import { BullJobBrowser } from '../redis/queue/job-browser.ts';
import { CommandError, type Io } from './io.ts';
import { openConfiguration } from './settings.ts';

/** How long Redis may take to answer, in milliseconds. */
const CONNECT_MS = 5000;

const connected = async (redis: RedisClient): Promise<void> => {
  redis.on('error', () => undefined);
  await untilReady(redis, CONNECT_MS).catch(() => {
    throw new CommandError('Redis does not answer: check REDIS_URL');
  });
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
  const events = openEventStore({ redis, prefix, deduplicationMs });
  const index = new RedisPaymentIndex({
    redis,
    prefix,
    retentionMs: deduplicationMs,
    merchants: () => merchants.names,
    now: io.now,
  });
  return createOperations({
    journal: searchableJournal(new RedisJournalReader({ redis, prefix, cipher: cipherOf(JOURNAL_KEY) }), index),
    jobs: stack.use(new BullJobBrowser({ redis, prefix, onError: () => undefined })),
    auditLog: new RedisAuditLog({ redis, prefix }),
    ports: { registry: createRegistry(products), ...events },
    merchants,
    now: io.now,
    onAction: ({ id, message }) => io.err(`${id}: ${message}\n`),
  });
};

/** The actor that the audit log records. */
export const actorOf = ({ env }: Io): string => `cli ${env['USER'] ?? env['LOGNAME'] ?? 'unknown'}`;
