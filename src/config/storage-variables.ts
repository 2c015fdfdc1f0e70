import { z } from 'zod';
import { parseDurability } from '../core/durability.ts';
import { parseRedisUrl } from '../core/redis-url.ts';
import { integer, parsed, secret, text, type VariableTable, withFile } from './variable.ts';

const prefix = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores');

/** Where and for how long events, callbacks and the journal are stored, and how durably. */
export const storageVariables = {
  REDIS_URL: withFile(
    parsed(parseRedisUrl, {
      description:
        'Address of Redis 6.2+ or Valkey: redis://, redis+cluster://a,b,c or redis+sentinel://a,b,c/name; write rediss instead of redis for TLS.',
      fallback: 'redis://127.0.0.1:6379',
    }),
  ),
  REDIS_SENTINEL_USERNAME: secret({
    description: 'User name for the sentinels in REDIS_URL, if they require one.',
  }),
  REDIS_SENTINEL_PASSWORD: secret({
    description: 'Password for the sentinels in REDIS_URL, if they require one.',
  }),
  QUEUE_PREFIX: text(prefix, {
    description: 'Prefix of every Redis key; workers must use the same one.',
    fallback: 'paycools',
  }),
  DURABILITY: parsed(parseDurability, {
    description:
      'When an event counts as stored: fsync (Redis has written it to disk), replicas:N (and N replicas have received it) or none (not checked).',
    fallback: 'fsync',
  }),
  SPOOL_DIR: text(z.string().min(1), {
    description: 'Folder of the spool, which stores callbacks while Redis is unavailable; off disables it.',
    fallback: '.data/spool',
  }),
  SPOOL_MAX_BYTES: integer({
    description: 'Maximum size of the spool, in bytes.',
    fallback: '536870912',
    min: 65_536,
    max: 1_099_511_627_776,
  }),
  DEDUPLICATION_DAYS: integer({
    description: 'How long an event id is remembered, in days.',
    fallback: '30',
    min: 1,
    max: 400,
  }),
  ENQUEUE_TIMEOUT_MS: integer({
    description: 'How long a callback waits for Redis to confirm it before it goes to the spool, in milliseconds.',
    fallback: '1000',
    min: 10,
    max: 60_000,
  }),
  JOURNAL_DAYS: integer({
    description: 'How long the journal of received callbacks keeps an entry, in days.',
    fallback: '7',
    min: 1,
    max: 400,
  }),
  JOURNAL_MAX_ENTRIES: integer({
    description:
      'Maximum number of genuine entries in the journal. They take at most 4 KiB of Redis each on average; callbacks that are not genuine add at most a tenth to the total.',
    fallback: '10000',
    min: 100,
    max: 10_000_000,
  }),
  JOURNAL_KEY: secret({
    description:
      'Key that encrypts the bodies in the journal, at least 32 characters (openssl rand -base64 32). Without it they are stored in plain text.',
    minLength: 32,
  }),
} as const satisfies VariableTable;
