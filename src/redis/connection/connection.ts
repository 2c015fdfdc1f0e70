import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '../../core/redis-url.ts';

/** One server, or a cluster: BullMQ and our scripts take both. */
export type RedisClient = Redis | Cluster;

const MAX_RECONNECT_DELAY_MS = 1000;
const reconnectDelay = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_DELAY_MS);

/** How often a connection that leads to a replica is made again, in milliseconds. */
const REPLICA_RETRY_MS = 3000;

/**
 * Drops a connection that turns out to lead to a read-only replica, as after a failover: the next one may lead to the
 * primary. Not at once every time, because it may not.
 */
function leaveReplica(this: object, { message }: Error): boolean {
  const isReplica = message.includes('READONLY') || message.startsWith('UNBLOCKED');
  if (!isReplica || performance.now() - (droppedAt.get(this) ?? Number.NEGATIVE_INFINITY) < REPLICA_RETRY_MS)
    return false;
  droppedAt.set(this, performance.now());
  return true;
}

/** When a connection was dropped, by its options: BullMQ makes copies of a connection, each with options of its own. */
const droppedAt = new WeakMap<object, number>();

/** What every connection has. */
const COMMON = {
  connectTimeout: 3000,
  retryStrategy: reconnectDelay,
  maxLoadingRetryTime: 500,
  sentinelCommandTimeout: 2000,
} satisfies RedisOptions;

/**
 * Profile of a producer: while Redis is unavailable it never queues or repeats a command, because a caller is waiting and a
 * command of unknown outcome must not be executed later by itself. It reconnects forever, and drops a connection on which
 * no answer arrives, which is how a half-open one is found.
 */
const PRODUCER = {
  ...COMMON,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  socketTimeout: 3000,
} satisfies RedisOptions;

/** Profile of a blocking reader: it waits as long as it takes. Its timeouts are those of its commands. */
const READER = {
  ...COMMON,
  enableOfflineQueue: true,
  autoResendUnfulfilledCommands: true,
  maxRetriesPerRequest: null,
} satisfies RedisOptions;

const SLOTS_TIMEOUT_MS = 2000;
const SLOTS_REFRESH_MS = 4000;

/**
 * Nodes of a cluster and primaries of sentinels are announced by address, but certificates are mostly made for names: a
 * certificate also counts when it is made for a host of REDIS_URL.
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
    // Names stay names, so that certificates can be checked against them.
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
 * A client gives up for good where it cannot even try to connect, as when a sentinel reports an address that does not
 * exist. It is made to try again, until its owner disconnects it.
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

/** Connects a producer. The caller owns it: listen to `error`, and `disconnect()` it. */
export const connectProducer = (address: RedisAddress, name: string): RedisClient => connect(address, PRODUCER, name);

/** Connects a blocking reader. The caller owns it. */
export const connectReader = (address: RedisAddress, name: string): RedisClient => connect(address, READER, name);

/** The servers that take writes: each master of a cluster, else the one. */
export const writersOf = (client: RedisClient): Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];
