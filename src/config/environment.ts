import { z } from 'zod';
import { parseDurability } from '../core/durability.ts';
import { parseRedisUrl } from '../core/redis-url.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { isTimeZone } from '../core/time.ts';
import { parseAddressList } from './address-list.ts';
import { apiVariables, reconcileVariables } from './api-variables.ts';
import { listenerVariables } from './listener-variables.ts';
import { integer, oneOf, parsed, publicKey, secret, text, type Variable, withFile } from './variable.ts';

const prefix = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores');
const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Asia/Manila');

const MAX_HOPS = 10;

/** Whose `X-Forwarded-For` is believed: nobody's, that of so many hops, or that of these addresses. */
const parseTrustProxy = (value: string): Result<false | number | string, string> => {
  if (value === '' || value === 'false' || value === '0') return ok(false);
  if (value === 'true') return ok(1); // only what the peer itself added: believing all of the header would be no check
  if (/^\d+$/.test(value))
    return Number(value) <= MAX_HOPS ? ok(Number(value)) : fail(`must be at most ${MAX_HOPS} hops`);
  const list = parseAddressList(value.replaceAll(/\b(loopback|linklocal|uniquelocal)\b/g, ''));
  return list.ok ? ok(value) : list;
};

const parseAcknowledgement = (value: string): Result<string | null, string> => {
  if (value === '') return ok(null);
  try {
    JSON.parse(value);
    return ok(value);
  } catch {
    return fail('must be JSON, such as {"code":1,"msg":"success","data":{}}');
  }
};

/** Traces hold ids, so plain HTTP will do, as collectors beside the service speak it. */
const parseCollector = (value: string): Result<string, string> => {
  if (value === '') return ok('');
  const { protocol, username, password, search, hash } = URL.canParse(value) ? new URL(value) : { protocol: '' };
  if (protocol !== 'http:' && protocol !== 'https:') return fail('must be a URL such as http://collector:4318');
  if (`${username}${password}${search}${hash}` !== '') return fail('must have no user, query or fragment');
  return ok(value.replace(/\/+$/, ''));
};

/** What belongs to one merchant. MERCHANTS_FILE uses the same names for each of several. */
export const merchantVariables = {
  PAYCOOLS_CALLBACK_SECRET: secret({
    description: 'The callback secret (merchant key) that PayCools signs flat callbacks with.',
  }),
  PAYCOOLS_CALLBACK_SECRET_PREVIOUS: secret({
    description: 'The secret before that one: accepted too while it is being changed.',
  }),
  PAYCOOLS_CALLBACK_PUBLIC_KEY: publicKey({
    description: 'The public key of PayCools for enveloped callbacks: PEM, or bare base64; RSA of 2048 bits or more.',
  }),
  PAYCOOLS_CALLBACK_PUBLIC_KEY_PREVIOUS: publicKey({
    description: 'The public key before that one: accepted too while it is being changed.',
  }),
  ...apiVariables,
  PAYCOOLS_TIME_ZONE: text(timeZone, {
    description: 'Zone of the times that PayCools sends without an offset.',
    fallback: 'Asia/Manila',
  }),
  PAYCOOLS_ACKNOWLEDGEMENT: parsed(parseAcknowledgement, {
    description: 'JSON to answer flat callbacks with, instead of what PayCools documents.',
    fallback: '',
  }),
  PAYCOOLS_ACKNOWLEDGEMENT_ENVELOPE: parsed(parseAcknowledgement, {
    description: 'JSON to answer enveloped callbacks with, instead of what PayCools documents.',
    fallback: '',
  }),
  ALLOWED_IPS: parsed(parseAddressList, {
    description: 'Addresses and CIDR networks that callbacks may come from, separated by commas; empty allows all.',
    fallback: '',
  }),
} as const satisfies Record<string, Variable<unknown>>;

/** What belongs to the service as a whole. */
export const serviceVariables = {
  MERCHANTS_FILE: text(z.string(), {
    description:
      'JSON file with several merchants, read again on SIGHUP and when it changes; see docs/configuration.md.',
    fallback: '',
  }),
  ALLOWED_IPS: merchantVariables.ALLOWED_IPS,
  TRUST_PROXY: parsed(parseTrustProxy, {
    description:
      'Whose X-Forwarded-For is believed: empty for nobody, a number of hops, or addresses and CIDR networks of the proxies.',
    fallback: '',
  }),
  REDIS_URL: withFile(
    parsed(parseRedisUrl, {
      description:
        'Where Redis 6.2+ or Valkey is: redis://, rediss:// (TLS), redis+cluster://a,b,c or redis+sentinel://a,b,c/name.',
      fallback: 'redis://127.0.0.1:6379',
    }),
  ),
  QUEUE_PREFIX: text(prefix, {
    description: 'First part of every key in Redis; workers must use the same.',
    fallback: 'paycools',
  }),
  DURABILITY: parsed(parseDurability, {
    description:
      'When an event counts as stored: fsync (Redis has it on its disk), replicas:N (so many replicas have it besides), or none (whatever Redis does).',
    fallback: 'fsync',
  }),
  SPOOL_DIR: text(z.string().min(1), {
    description: 'Folder of the spool, which keeps callbacks while Redis is away; off for none.',
    fallback: '.data/spool',
  }),
  SPOOL_MAX_BYTES: integer({
    description: 'How much the spool may hold, in bytes.',
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
    description: 'How long a callback may wait for Redis to confirm, in milliseconds.',
    fallback: '1000',
    min: 10,
    max: 60_000,
  }),
  VERIFICATION_TIMEOUT_MS: integer({
    description: 'How long a worker may take to answer a payment verification, in milliseconds.',
    fallback: '3000',
    min: 10,
    max: 60_000,
  }),
  VERIFICATION_DEFAULT: oneOf(['reject', 'accept'], {
    description: 'What PayCools is told when no worker answers in time: reject (code 1000) or accept.',
    fallback: 'reject',
  }),
  ...reconcileVariables,
  BODY_LIMIT: integer({
    description: 'Largest body that is accepted, in bytes.',
    fallback: '65536',
    min: 1024,
    max: 16_777_216,
  }),
  ...listenerVariables,
  JOURNAL_KEY: secret({
    description:
      'Key that the bodies in the journal of received callbacks are encrypted with, at least 32 characters (openssl rand -base64 32); not set: not encrypted.',
    minLength: 32,
  }),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'How much is logged: trace, debug, info, warn, error, fatal or silent.',
    fallback: 'info',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: parsed(parseCollector, {
    description:
      'Address of an OpenTelemetry collector (OTLP over HTTP), such as http://collector:4318; empty for no traces.',
    fallback: '',
  }),
  SHUTDOWN_TIMEOUT_MS: integer({
    description: 'How long SIGTERM may take to finish what is in flight, in milliseconds.',
    fallback: '10000',
    min: 0,
    max: 600_000,
  }),
} as const satisfies Record<string, Variable<unknown>>;

/** Every environment variable that the service reads, in the order in which .env.example shows them. */
export const variables = { ...merchantVariables, ...serviceVariables };

type Table = Readonly<Record<string, Variable<unknown>>>;

/** The values of a table of variables, each read and checked. */
export type ValuesOf<Variables extends Table> = {
  readonly [Name in keyof Variables]: Variables[Name] extends Variable<infer Value> ? Value : never;
};

export type MerchantSettings = ValuesOf<typeof merchantVariables>;
export type ServiceSettings = ValuesOf<typeof serviceVariables>;
