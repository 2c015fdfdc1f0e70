import { present } from './present.ts';
import { fail, ok, type Result } from './result.ts';

type RedisHost = { readonly host: string; readonly port: number };

type Common = {
  readonly hosts: readonly [RedisHost, ...RedisHost[]];
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
  /** IP version of the connections; 0 for either. */
  readonly family?: 0 | 4 | 6;
};

/** Credentials for the sentinels, which may differ from those for Redis. */
type SentinelCredentials = { readonly sentinelUsername?: string; readonly sentinelPassword?: string };

/** Where Redis is: one server, a cluster, or the primary that a set of sentinels names. */
export type RedisAddress =
  | (Common & { readonly kind: 'single'; readonly db: number })
  | (Common & { readonly kind: 'cluster' })
  | (Common & SentinelCredentials & { readonly kind: 'sentinel'; readonly name: string; readonly db: number });

const SHAPE =
  /^redis(?<tls>s?)(?<plus>\+cluster|\+sentinel)?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?#@]+)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/;
const HOST = /^(?<host>\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(?<port>\d{1,5}))?$/;
const EXAMPLES =
  'redis://host:6379, rediss://host:6379, redis+cluster://a:6379,b:6379 or redis+sentinel://a:26379,b:26379/name';
const DEFAULT_PORTS = { single: 6379, cluster: 6379, sentinel: 26_379 } as const;
const HIGHEST_PORT = 65_535;

const parseHost = (text: string, fallback: number): RedisHost | null => {
  const { host, port } = HOST.exec(text)?.groups ?? {};
  if (host === undefined || Number(port ?? 0) > HIGHEST_PORT) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? fallback : Number(port) };
};

/** Decodes the escapes of a URL; null if a `%` encodes nothing. */
const decode = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

const NOT_ENCODED = 'has a % in its user name or password that encodes nothing: write %25 for a %';

type Credentials = Pick<Common, 'username' | 'password'>;

const parseCredentials = (user: string | undefined, password: string | undefined): Result<Credentials, string> => {
  const [username, secret] = [decode(user ?? ''), decode(password ?? '')];
  if (username === null || secret === null) return fail(NOT_ENCODED);
  return ok({
    ...(username === '' ? {} : { username }),
    ...(password === undefined ? {} : { password: secret }),
  });
};

const FAMILIES: Readonly<Record<string, 0 | 4 | 6>> = { 0: 0, 4: 4, 6: 6 };

/** The options after the `?`. Others, which hosting providers print for other clients, are refused. */
type Options = Pick<Common, 'family'> & SentinelCredentials & { readonly db?: string };

const readOption = (name: string, value: string): Result<Options, string> => {
  if (name === 'db') return ok({ db: value });
  if (name === 'sentinelUsername' || name === 'sentinelPassword') return ok({ [name]: value });
  if (name !== 'family') {
    return fail(`has the option ${/^\w{1,40}$/.test(name) ? name : 'after ?'}, which is not known: remove it`);
  }
  const family = Object.hasOwn(FAMILIES, value) ? FAMILIES[value] : undefined;
  return family === undefined ? fail('has a family that is not 0, 4 or 6') : ok({ family });
};

const parseOptions = (query: string | undefined): Result<Options, string> => {
  const options: Options[] = [];
  for (const part of (query ?? '').split('&').filter(Boolean)) {
    const [name = '', text = ''] = part.split('=', 2);
    const value = decode(text);
    if (value === null) return fail('has a % in an option that encodes nothing: write %25 for a %');
    const option = readOption(name, value);
    if (!option.ok) return option;
    options.push(option.value);
  }
  return ok(Object.assign({}, ...options));
};

type Parts = { readonly common: Common; readonly path: string; readonly options: Options };

const databaseOf = (path: string, { db }: Options): Result<number, string> => {
  const text = path === '' ? (db ?? '0') : path;
  return /^\d{1,3}$/.test(text) ? ok(Number(text)) : fail('must end with the number of a database');
};

type Addressed = Result<RedisAddress, string>;

const clusterAddress = ({ common, path, options }: Parts): Addressed =>
  /^0?$/.test(path) && (options.db ?? '0') === '0'
    ? ok({ kind: 'cluster', ...common })
    : fail('of a cluster has no path: it has no databases');

const singleAddress = ({ common, path, options }: Parts): Addressed => {
  const db = databaseOf(path, options);
  if (!db.ok) return db;
  return common.hosts.length === 1 ? ok({ kind: 'single', ...common, db: db.value }) : fail('names several hosts');
};

const sentinelAddress = ({ common, path, options }: Parts): Addressed => {
  const { sentinelUsername, sentinelPassword } = options;
  const [name = '', number = ''] = path.split('/');
  if (name === '') return fail('must end with the name that the sentinels know');
  const db = databaseOf(number, options);
  if (!db.ok) return db;
  const credentials = present({ sentinelUsername, sentinelPassword });
  return ok({ kind: 'sentinel', ...common, ...credentials, name, db: db.value });
};

const addressOf = (kind: RedisAddress['kind'], parts: Parts): Addressed => {
  if (kind === 'sentinel') return sentinelAddress(parts);
  const { sentinelUsername, sentinelPassword } = parts.options;
  if ((sentinelUsername ?? sentinelPassword) !== undefined) {
    return fail('has options for sentinels, but is not redis+sentinel://');
  }
  return kind === 'cluster' ? clusterAddress(parts) : singleAddress(parts);
};

/** Reads REDIS_URL. Errors never show the URL, which may contain a password. */
export const parseRedisUrl = (url: string): Result<RedisAddress, string> => {
  const groups = SHAPE.exec(url)?.groups;
  if (groups === undefined) return fail(`must be a URL such as ${EXAMPLES}`);
  const { tls, plus, user, password, hosts = '', path = '', query } = groups;
  const kind = plus === '+cluster' ? 'cluster' : plus === '+sentinel' ? 'sentinel' : 'single';
  const parsed = hosts.split(',').map((text) => parseHost(text, DEFAULT_PORTS[kind]));
  const [first, ...rest] = parsed.filter((host) => host !== null);
  if (first === undefined || rest.length + 1 < parsed.length) return fail(`must be a URL such as ${EXAMPLES}`);
  const credentials = parseCredentials(user, password);
  if (!credentials.ok) return credentials;
  const options = parseOptions(query);
  if (!options.ok) return options;
  const { family } = options.value;
  const common: Common = {
    hosts: [first, ...rest],
    tls: tls === 's',
    ...credentials.value,
    ...(family === undefined ? {} : { family }),
  };
  return addressOf(kind, { common, path, options: options.value });
};
