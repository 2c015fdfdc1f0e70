/** Why a Redis cannot be used. */
export type RedisCause =
  | 'refused'
  | 'unknown host'
  | 'unreachable'
  | 'timeout'
  | 'TLS'
  | 'TLS required'
  | 'TLS not supported'
  | 'password'
  | 'permission'
  | 'read-only replica'
  | 'loading'
  | 'no primary'
  | 'lost'
  | 'unknown';

/** A cause with a sentence for operators: what is wrong and what to do. */
export type RedisFailure = { readonly cause: RedisCause; readonly sentence: string };

const SENTENCES: Readonly<Record<RedisCause, string>> = {
  refused: 'Redis refused the connection: check that it runs, and the host and port of REDIS_URL.',
  'unknown host': 'Redis has an unknown host name: check the host of REDIS_URL, and DNS.',
  unreachable: 'Redis or its sentinels are unreachable: check the hosts and ports of REDIS_URL, and the network.',
  timeout: 'Redis does not answer (timeout): check that it runs, the host and port of REDIS_URL, and firewalls.',
  TLS: 'Redis and this service do not agree on TLS: check whether REDIS_URL must begin with rediss://, and the certificate of Redis.',
  'TLS required':
    'Redis and this service do not agree on TLS: Redis requires it, so REDIS_URL must begin with rediss:// (rediss+cluster://, rediss+sentinel://).',
  'TLS not supported':
    'Redis and this service do not agree on TLS: this Redis does not use it, so REDIS_URL must begin with redis:// (redis+cluster://, redis+sentinel://), or the port is not its TLS port.',
  password: 'Redis refused the user name or password: check those of REDIS_URL, and of REDIS_SENTINEL_PASSWORD.',
  permission: 'Redis does not permit its user to run a required command: extend its ACL (docs/security.md).',
  'read-only replica': 'Redis is a read-only replica: REDIS_URL must lead to the primary.',
  loading: 'Redis is loading its data: wait until it has finished.',
  'no primary': 'The sentinels do not know a primary of this name: check the name in REDIS_URL, and the sentinels.',
  lost: 'The connection to Redis was lost: check that it runs.',
  unknown: 'Redis does not answer: check that it runs and that REDIS_URL is right.',
};

const CODES: Readonly<Record<string, RedisCause>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'lost',
  EPIPE: 'lost',
};

const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/;

/** For errors without a code, by their text: replies of Redis, and messages of the client about sentinels. */
const TEXTS: readonly (readonly [RegExp, RedisCause])[] = [
  [/WRONGPASS|NOAUTH|invalid password|invalid username-password|without any password configured/i, 'password'],
  [/READONLY/, 'read-only replica'],
  [/LOADING/, 'loading'],
  [/NOPERM/, 'permission'],
  [/ECONNREFUSED/, 'refused'],
  [/ENOTFOUND|EAI_AGAIN/, 'unknown host'],
  [/EHOSTUNREACH|ENETUNREACH/, 'unreachable'],
  [/certificate|\bSSL\b|\bTLS\b|secure TLS connection|Protocol error, got/i, 'TLS'],
  [/DeadlineError|timed out|timeout|ETIMEDOUT/i, 'timeout'],
  [/All sentinels are unreachable.*Connection is closed/, 'unreachable'],
  [/All sentinels are unreachable/, 'no primary'],
  [/Connection is closed|ECONNRESET|EPIPE|socket hang up/i, 'lost'],
];

const causeOf = (error: unknown): RedisCause => {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error ? String(error.code) : '';
  if (Object.hasOwn(CODES, code)) return CODES[code] ?? 'unknown';
  if (TLS_CODE.test(code)) return 'TLS';
  const inner = 'lastNodeError' in error ? error.lastNodeError : error.cause; // the error of a cluster wraps that of a node
  const innerCause = inner instanceof Error ? causeOf(inner) : 'unknown';
  if (innerCause !== 'unknown') return innerCause;
  const text = `${error.name} ${error.message}`;
  return TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown';
};

/** The failure with this cause. */
export const failureOf = (cause: RedisCause): RedisFailure => ({ cause, sentence: SENTENCES[cause] });

/** Explains an error of a connection, of a command, or of waiting for one. */
export const explainFailure = (error: unknown): RedisFailure => failureOf(causeOf(error));
