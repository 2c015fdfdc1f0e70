import { fail, ok, type Result } from './result.ts';

type RedisHost = { readonly host: string; readonly port: number };

type Common = {
  readonly hosts: readonly [RedisHost, ...RedisHost[]];
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
};

/** Where Redis is: one server, a cluster, or what a set of sentinels says. */
export type RedisAddress =
  | (Common & { readonly kind: 'single'; readonly db: number })
  | (Common & { readonly kind: 'cluster' })
  | (Common & { readonly kind: 'sentinel'; readonly name: string; readonly db: number });

const SHAPE =
  /^redis(?<tls>s?)(?<plus>\+cluster|\+sentinel)?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?#@]+)(?:\/(?<path>[^?#]*))?$/;
const HOST = /^(?<host>\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(?<port>\d{1,5}))?$/;
const EXAMPLES =
  'redis://host:6379, rediss://host:6379, redis+cluster://a:6379,b:6379 or redis+sentinel://a:26379,b:26379/name';
const DEFAULT_PORTS = { single: 6379, cluster: 6379, sentinel: 26_379 } as const;

const parseHost = (text: string, fallback: number): RedisHost | null => {
  const { host, port } = HOST.exec(text)?.groups ?? {};
  if (host === undefined) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? fallback : Number(port) };
};

const credentials = (
  user: string | undefined,
  password: string | undefined,
): Pick<Common, 'username' | 'password'> => ({
  ...(user === undefined || user === '' ? {} : { username: decodeURIComponent(user) }),
  ...(password === undefined ? {} : { password: decodeURIComponent(password) }),
});

const addressOf = (kind: RedisAddress['kind'], common: Common, path: string): Result<RedisAddress, string> => {
  if (kind === 'cluster')
    return path === '' ? ok({ kind, ...common }) : fail('of a cluster has no path: it has no databases');
  const [name = '', db = '0'] = kind === 'sentinel' ? path.split('/') : ['', path === '' ? '0' : path];
  if (!/^\d{1,3}$/.test(db)) return fail('must end with the number of a database');
  if (kind === 'single')
    return common.hosts.length === 1 ? ok({ kind, ...common, db: Number(db) }) : fail('names several hosts');
  return name === ''
    ? fail('must end with the name that the sentinels know')
    : ok({ kind, ...common, name, db: Number(db) });
};

/** Reads REDIS_URL. Errors do not show the URL, which may hold a password. */
export const parseRedisUrl = (url: string): Result<RedisAddress, string> => {
  const groups = SHAPE.exec(url)?.groups;
  if (groups === undefined) return fail(`must be a URL such as ${EXAMPLES}`);
  const { tls, plus, user, password, hosts = '', path = '' } = groups;
  const kind = plus === '+cluster' ? 'cluster' : plus === '+sentinel' ? 'sentinel' : 'single';
  const parsed = hosts.split(',').map((text) => parseHost(text, DEFAULT_PORTS[kind]));
  const [first, ...rest] = parsed.filter((host) => host !== null);
  if (first === undefined || rest.length + 1 < parsed.length) return fail(`must be a URL such as ${EXAMPLES}`);
  const common: Common = { hosts: [first, ...rest], tls: tls === 's', ...credentials(user, password) };
  return addressOf(kind, common, path);
};
