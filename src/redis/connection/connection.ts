import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '../../core/redis-url.ts';

/** One server or a cluster: BullMQ and our scripts accept both. */
export type RedisClient = Redis | Cluster;

const MAX_RECONNECT_DELAY_MS = 1000;
const reconnectDelay = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_DELAY_MS);

/** Minimum time between reconnects because of a read-only replica, in milliseconds. */
const REPLICA_RETRY_MS = 3000;

/**
 * Makes ioredis reconnect when a connection leads to a read-only replica, such as after a failover: the next one may lead to
 * the primary. Not every time, because it may also lead to a replica again.
 */
function leaveReplica(this: object, { message }: Error): boolean {
  const isReplica = message.includes('READONLY') || message.startsWith('UNBLOCKED');
  if (!isReplica || performance.now() - (droppedAt.get(this) ?? Number.NEGATIVE_INFINITY) < REPLICA_RETRY_MS)
    return false;
  droppedAt.set(this, performance.now());
  return true;
}

/** When a connection was last dropped, by its options: BullMQ copies connections, and each copy has its own options. */
const droppedAt = new WeakMap<object, number>();

/** Options of every connection. */
const COMMON = {
  connectTimeout: 3000,
  retryStrategy: reconnectDelay,
  maxLoadingRetryTime: 500,
  sentinelCommandTimeout: 2000,
} satisfies RedisOptions;

/**
 * Options of a producer. While Redis is unavailable it never queues or repeats a command, because a caller is waiting and a
 * command of unknown outcome must not be executed later by itself. It reconnects forever, and detects a half-open connection
 * by the answers that do not arrive.
 */
const PRODUCER = {
  ...COMMON,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  socketTimeout: 3000,
} satisfies RedisOptions;

/** Options of a blocking reader. It waits for Redis indefinitely; its commands have their own timeouts. */
const READER = {
  ...COMMON,
  enableOfflineQueue: true,
  autoResendUnfulfilledCommands: true,
  maxRetriesPerRequest: null,
} satisfies RedisOptions;

const SLOTS_TIMEOUT_MS = 2000;
const SLOTS_REFRESH_MS = 4000;

/**
 * Cluster nodes and sentinel primaries are announced by address, but most certificates are issued for names. So a
 * certificate is also accepted if it was issued for a host of REDIS_URL.
 */
const tlsOptions = ({ hosts }: RedisAddress): ConnectionOptions => ({
  checkServerIdentity: (host, certificate) => {
    const problem = checkServerIdentity(host, certificate);
    if (problem === undefined || isIP(host) === 0) return problem;
    const names = hosts.map((it) => it.host).filter((name) => isIP(name) === 0);
    return names.some((name) => checkServerIdentity(name, certificate) === undefined) ? undefined : problem;
  },
});

const accessOptions = (address: RedisAddress) => {
  const { username, password, tls, family } = address;
  return {
    reconnectOnError: leaveReplica,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(family === undefined ? {} : { family }),
    ...(tls ? { tls: tlsOptions(address) } : {}),
  };
};

type Profile = typeof PRODUCER | typeof READER;
type Options = Profile & ReturnType<typeof accessOptions> & { readonly connectionName: string };

const connectCluster = ({ hosts }: RedisAddress, options: Options): Cluster => {
  const { enableOfflineQueue, retryStrategy: clusterRetryStrategy, ...redisOptions } = options;
  return new Cluster([...hosts], {
    enableOfflineQueue,
    clusterRetryStrategy,
    slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // Does not resolve names, so that certificates can be checked against them.
    dnsLookup: (host, done) => done(null, host),
    redisOptions,
  });
};

const connectSentinel = (address: RedisAddress & { readonly kind: 'sentinel' }, options: Options): Redis => {
  const { hosts, name, db, tls, sentinelUsername, sentinelPassword } = address;
  return new Redis({
    ...options,
    sentinels: [...hosts],
    name,
    db,
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: tlsOptions(address) } : {}),
    sentinelRetryStrategy: reconnectDelay,
  });
};

const open = (address: RedisAddress, options: Options): RedisClient => {
  if (address.kind === 'cluster') return connectCluster(address, options);
  if (address.kind === 'sentinel') return connectSentinel(address, options);
  return new Redis({ ...options, ...address.hosts[0], db: address.db });
};

/**
 * ioredis gives up when it cannot even try to connect, such as when a sentinel reports an address that does not exist. This
 * makes a client try again until its owner disconnects it.
 */
const keepTrying = (client: RedisClient): RedisClient => {
  let isClosed = false;
  const disconnect = client.disconnect.bind(client);
  client.disconnect = (reconnect = false) => {
    isClosed = !reconnect;
    disconnect(reconnect);
  };
  client.on('end', () => {
    if (isClosed) return;
    setTimeout(() => {
      if (!isClosed) client.connect().catch(() => undefined);
    }, MAX_RECONNECT_DELAY_MS).unref();
  });
  return client;
};

const connect = (address: RedisAddress, profile: Profile, connectionName: string): RedisClient =>
  keepTrying(open(address, { ...profile, ...accessOptions(address), connectionName }));

/** Connects a producer. The caller owns the connection: it must listen to `error`, and `disconnect()` it. */
export const connectProducer = (address: RedisAddress, name: string): RedisClient => connect(address, PRODUCER, name);

/** Connects a blocking reader. The caller owns the connection. */
export const connectReader = (address: RedisAddress, name: string): RedisClient => connect(address, READER, name);

/** The servers that accept writes: all masters of a cluster, or the only server. */
export const writersOf = (client: RedisClient): Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];
