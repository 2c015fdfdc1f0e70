import type { ServiceSettings } from '../config/environment.ts';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { DAY_MS } from '../core/time.ts';
import { createOperations, type OperationsOptions } from '../operate/create-operations.ts';
import { RedisAttemptLog } from '../redis/attempt-log.ts';
import { RedisAuditLog } from '../redis/audit-log.ts';
import type { RedisClient } from '../redis/connection/connection.ts';
import { RedisPaymentIndex } from '../redis/index/payment-index.ts';
import { cipherOf } from '../redis/journal/journal-cipher.ts';
import { RedisJournalReader } from '../redis/journal/journal-reader.ts';
import { BullJobBrowser } from '../redis/queue/job-browser.ts';
import { createAskPaycools } from './ask-paycools.ts';
import type { ReconcilerParts } from './reconciler.ts';

export type OperationsParts = Pick<OperationsOptions, 'ports' | 'now' | 'onAction'> &
  Pick<ReconcilerParts, 'observe'> & {
    /** The caller closes it. */
    readonly redis: RedisClient;
    readonly settings: ServiceSettings;
    readonly merchants: MerchantDirectory;
    readonly onError: (error: unknown) => void;
  };

/** Opens the operations of the console and the command line, and the browser of jobs that they use. */
export const openOperationsOn = (stack: AsyncDisposableStack, parts: OperationsParts) => {
  const { redis, settings, merchants, ports, now, onAction, onError, observe } = parts;
  const { QUEUE_PREFIX: prefix, DEDUPLICATION_DAYS, JOURNAL_KEY } = settings;
  const retentionMs = DEDUPLICATION_DAYS * DAY_MS;
  const jobs = stack.use(new BullJobBrowser({ redis, prefix, onError }));
  const operations = createOperations({
    ports,
    merchants,
    journal: new RedisJournalReader({ redis, prefix, cipher: cipherOf(JOURNAL_KEY) }),
    index: new RedisPaymentIndex({ redis, prefix, retentionMs, merchants: () => merchants.names, now }),
    jobs,
    attemptLog: new RedisAttemptLog({ redis, prefix }),
    auditLog: new RedisAuditLog({ redis, prefix }),
    askPaycools: createAskPaycools(merchants, observe),
    now,
    onAction,
  });
  return { operations, jobs };
};
