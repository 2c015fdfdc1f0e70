import { z } from 'zod';
import { isTimeZone } from '../core/time.ts';
import { integer, oneOf, secret, text, type Variable } from './variable.ts';

const redisUrl = z
  .string()
  .regex(/^rediss?:\/\/[^\s/]+/, 'must be a URL such as redis://host:6379 or rediss://host:6379');
const host = z.string().regex(/^[\w.:-]+$/, 'must be a host name or an address');
const prefix = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores');
const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Asia/Manila');

/** Every environment variable that the service reads, in the order in which .env.example shows them. */
export const variables = {
  PAYCOOLS_CALLBACK_SECRET: secret({ description: 'The callback secret (merchant key) that PayCools signs with.' }),
  PAYCOOLS_CALLBACK_SECRET_PREVIOUS: secret({
    description: 'The secret before that one: accepted too while it is being changed.',
  }),
  PAYCOOLS_TIME_ZONE: text(timeZone, {
    description: 'Zone of the times that PayCools sends without an offset.',
    fallback: 'Asia/Manila',
  }),
  REDIS_URL: text(redisUrl, {
    description: 'Where Redis 6.2+ or Valkey is.',
    fallback: 'redis://127.0.0.1:6379',
  }),
  QUEUE_PREFIX: text(prefix, {
    description: 'First part of every key in Redis; workers must use the same.',
    fallback: 'paycools',
  }),
  DEDUPLICATION_DAYS: integer({
    description: 'How long an event id is remembered, in days.',
    fallback: '30',
    min: 1,
    max: 400,
  }),
  ENQUEUE_TIMEOUT_MS: integer({
    description: 'How long a callback may wait for Redis to confirm, in milliseconds.',
    fallback: '1000',
    min: 10,
    max: 60_000,
  }),
  BODY_LIMIT: integer({
    description: 'Largest body that is accepted, in bytes.',
    fallback: '65536',
    min: 1024,
    max: 16_777_216,
  }),
  HOST: text(host, { description: 'Address of the public listener.', fallback: '0.0.0.0' }),
  PORT: integer({
    description: 'Port of the public listener; 0 takes a free one.',
    fallback: '8080',
    min: 0,
    max: 65_535,
  }),
  OPS_HOST: text(host, { description: 'Address of the operations listener.', fallback: '127.0.0.1' }),
  OPS_PORT: integer({
    description: 'Port of the operations listener; 0 takes a free one.',
    fallback: '8081',
    min: 0,
    max: 65_535,
  }),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'How much is logged: trace, debug, info, warn, error, fatal or silent.',
    fallback: 'info',
  }),
  SHUTDOWN_TIMEOUT_MS: integer({
    description: 'How long SIGTERM may take to finish what is in flight, in milliseconds.',
    fallback: '10000',
    min: 0,
    max: 600_000,
  }),
} as const satisfies Record<string, Variable<unknown>>;

/** The configuration, each variable read and checked. */
export type Environment = {
  readonly [Name in keyof typeof variables]: (typeof variables)[Name] extends Variable<infer Value> ? Value : never;
};
