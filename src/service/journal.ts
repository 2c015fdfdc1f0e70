import type { ServiceSettings } from '../config/environment.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Journal } from '../receive/journal.ts';
import { connectProducer } from '../redis/connection/connection.ts';
import { cipherOf } from '../redis/journal/journal-cipher.ts';
import { JournalWriter, skippedReasons } from '../redis/journal/journal-writer.ts';

export type JournalOptions = {
  readonly settings: ServiceSettings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Opens the journal. It has its own connection, so that no callback waits behind its writes. */
export const openJournal = (stack: AsyncDisposableStack, options: JournalOptions): Journal => {
  const { settings, logger, metrics, now } = options;
  const redis = connectProducer(settings.REDIS_URL, 'paycools-journal');
  const onError = (err: unknown): void => logger.debug({ err }, 'journal');
  redis.on('error', onError);
  stack.defer(() => redis.disconnect());
  for (const reason of skippedReasons) metrics.journalSkipped.inc({ reason }, 0); // so that the first one already shows as a rate
  return stack.use(
    new JournalWriter({
      redis,
      prefix: settings.QUEUE_PREFIX,
      cipher: cipherOf(settings.JOURNAL_KEY),
      now,
      onSkipped: (reason, count) => metrics.journalSkipped.inc({ reason }, count),
      onError,
    }),
  );
};
