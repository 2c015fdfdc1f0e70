import type { ServiceSettings } from '../config/environment.ts';
import { DAY_MS } from '../core/time.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import { connectProducer, type RedisClient } from '../redis/connection/connection.ts';
import { IndexCompactor } from '../redis/index/index-compactor.ts';
import { IndexWriter } from '../redis/index/index-writer.ts';
import { cipherOf } from '../redis/journal/journal-cipher.ts';
import { JournalWriter, type SkipReason, skipReasons } from '../redis/journal/journal-writer.ts';

export type JournalParts = {
  /** Stays the caller's. */
  readonly redis: RedisClient;
  readonly settings: ServiceSettings;
  /** Called with what was not written, and why. */
  readonly onSkipped: (reason: SkipReason, count: number) => void;
  readonly onError: (error: unknown) => void;
};

/** Opens the journal, and the index behind it, on a connection. */
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

export type JournalOptions = Pick<JournalParts, 'settings'> & {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Opens the journal and the index behind it. They have their own connection, so that no callback waits for their writes. */
export const openJournal = (stack: AsyncDisposableStack, options: JournalOptions): JournalWriter => {
  const { settings, logger, metrics, now } = options;
  const redis = connectProducer(settings.REDIS_URL, 'paycools-journal');
  const onError = (err: unknown): void => logger.debug({ err }, 'journal');
  redis.on('error', onError);
  stack.defer(() => redis.disconnect());
  for (const reason of skipReasons) metrics.journalSkipped.inc({ reason }, 0); // so that the first one already shows as a rate
  const onSkipped: JournalParts['onSkipped'] = (reason, count) => metrics.journalSkipped.inc({ reason }, count);
  stack.use(new IndexCompactor({ redis, prefix: settings.QUEUE_PREFIX, now, onError }));
  return openJournalOn(stack, { redis, settings, onSkipped, onError });
};
