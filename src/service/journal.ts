import type { ServiceSettings } from '../config/environment.ts';
import { DAY_MS } from '../core/time.ts';
import { connectProducer, type RedisClient } from '../redis/connection/connection.ts';
import { IndexCompactor } from '../redis/index/index-compactor.ts';
import { IndexWriter } from '../redis/index/index-writer.ts';
import { cipherOf } from '../redis/journal/journal-cipher.ts';
import { JournalWriter, type SkipReason, skipReasons } from '../redis/journal/journal-writer.ts';
import type { ServiceContext } from './context.ts';

export type JournalParts = {
  /** The caller closes it. */
  readonly redis: RedisClient;
  readonly settings: ServiceSettings;
  /** Called with the number of entries that were not written, and why. */
  readonly onSkipped: (reason: SkipReason, count: number) => void;
  readonly onError: (error: unknown) => void;
};

/** Opens the journal, and the index that it feeds, on a connection. */
export const openJournalOn = (stack: AsyncDisposableStack, parts: JournalParts): JournalWriter => {
  const { redis, settings, onSkipped, onError } = parts;
  const { QUEUE_PREFIX: prefix, DEDUPLICATION_DAYS, JOURNAL_MAX_ENTRIES: maxEntries } = settings;
  const retentionMs = settings.JOURNAL_DAYS * DAY_MS;
  const index = stack.use(
    new IndexWriter({
      redis,
      prefix,
      retentionMs: DEDUPLICATION_DAYS * DAY_MS,
      journalMs: retentionMs,
      onSkipped: (count) => onSkipped('index', count),
      onError,
    }),
  );
  return stack.use(
    new JournalWriter({
      redis,
      prefix,
      cipher: cipherOf(settings.JOURNAL_KEY),
      retentionMs,
      maxEntries,
      onSkipped,
      onWritten: (entry) => index.add(entry),
      onError,
    }),
  );
};

/** Opens the journal and its index on their own connection, so that no callback waits for their writes. */
export const openJournal = (stack: AsyncDisposableStack, context: ServiceContext): JournalWriter => {
  const { settings, logger, metrics, now } = context;
  const redis = connectProducer(settings.REDIS_URL, 'paycools-journal');
  const onError = (err: unknown): void => logger.debug({ err }, 'journal');
  redis.on('error', onError);
  stack.defer(() => redis.disconnect());
  for (const reason of skipReasons) metrics.journalSkipped.inc({ reason }, 0); // so that even the first one shows in a rate
  const onSkipped: JournalParts['onSkipped'] = (reason, count) => metrics.journalSkipped.inc({ reason }, count);
  stack.use(new IndexCompactor({ redis, prefix: settings.QUEUE_PREFIX, now, onError }));
  return openJournalOn(stack, { redis, settings, onSkipped, onError });
};
