import { onTestFinished } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { JournalMeta, NewJournalEntry } from '../../src/receive/journal.ts';
import { JournalCipher } from '../../src/redis/journal/journal-cipher.ts';
import { RedisJournalReader } from '../../src/redis/journal/journal-reader.ts';
import { JournalWriter, type SkipReason } from '../../src/redis/journal/journal-writer.ts';
import type { Namespace } from './namespace.ts';

/** Reads the journal of a namespace, decrypting with the key. */
export const readerOf = ({ redis, prefix }: Namespace, key: string | null = null) =>
  new RedisJournalReader({
    redis,
    prefix,
    cipher: key === null ? null : new JournalCipher(new Secret(key)),
  });

/** An entry of the journal; `change` replaces members. */
export const entryFor = ({
  body = new TextEncoder().encode('{}'),
  identity,
  ...change
}: Partial<JournalMeta & Omit<NewJournalEntry, 'meta'>> = {}): NewJournalEntry => ({
  meta: {
    origin: 'callback',
    requestId: 'r',
    receivedAt: 1_700_000_000_000,
    merchant: 'default',
    address: 'payout',
    source: '127.0.0.1',
    outcome: 'accepted' as const,
    status: 200,
    durationMs: 1,
    reason: null,
    event: null,
    isCut: false,
    ...change,
  },
  body,
  ...(identity === undefined ? {} : { identity }),
});

/** A writer that is closed when the test ends, a reader, and how many entries were skipped by reason. */
export const openWriter = async (namespace: Namespace, { maxEntries = 10_000, retentionMs = 7 * 86_400_000 } = {}) => {
  await namespace.redis.ping();
  const skipped: Partial<Record<SkipReason, number>> = {};
  const writer = new JournalWriter({
    redis: namespace.redis,
    prefix: namespace.prefix,
    cipher: null,
    maxEntries,
    retentionMs,
    onSkipped: (reason, count) => {
      skipped[reason] = (skipped[reason] ?? 0) + count;
    },
    onError: () => undefined,
  });
  onTestFinished(() => writer[Symbol.asyncDispose]());
  return { writer, skipped, reader: readerOf(namespace) };
};
