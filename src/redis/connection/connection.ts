import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '../../core/redis-url.ts';

/** One server, or a cluster: BullMQ and our scripts take both. */
export type RedisClient = Redis | Cluster;

const MAX_RECONNECT_DELAY_MS = 1000;
const reconnectDelay = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_DELAY_MS);

/**
 * Profile of a producer: while Redis is unavailable it never queues or repeats a command, because a caller is waiting and a
 * command of unknown outcome must not be executed later by itself. It reconnects forever, and drops a connection on which
 * no answer arrives, which is how a half-open one is found.
 */
const PRODUCER = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 3000,
  socketTimeout: 3000,
  retryStrategy: reconnectDelay,
} satisfies RedisOptions;

/** Profile of a blocking reader: it waits as long as it takes. Its timeouts are those of its commands. */
const READER = {
  enableOfflineQueue: true,
  autoResendUnfulfilledCommands: true,
  maxRetriesPerRequest: null,
  connectTimeout: 3000,
  retryStrategy: reconnectDelay,
} satisfies RedisOptions;

const SLOTS_TIMEOUT_MS = 2000;

const commonOptions = ({ username, password, tls }: RedisAddress) => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls ? { tls: {} } : {}),
});

type Profile = typeof PRODUCER | typeof READER;

const connectCluster = ({ hosts }: RedisAddress, options: Profile): Cluster => {
  const { enableOfflineQueue, retryStrategy: clusterRetryStrategy, ...redisOptions } = options;
  const slotsRefreshTimeout = SLOTS_TIMEOUT_MS;
  return new Cluster([...hosts], { enableOfflineQueue, clusterRetryStrategy, slotsRefreshTimeout, redisOptions });
};

const connect = (address: RedisAddress, profile: Profile, connectionName: string): RedisClient => {
  const options = { ...profile, ...commonOptions(address), connectionName };
  const [first] = address.hosts;
  switch (address.kind) {
    case 'single':
      return new Redis({ ...options, ...first, db: address.db });
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: [...address.hosts],
        name: address.name,
        db: address.db,
        ...(address.tls ? { enableTLSForSentinelMode: true } : {}),
        sentinelRetryStrategy: reconnectDelay,
      });
    case 'cluster':
      return connectCluster(address, options);
  }
};

/** Connects a producer. The caller owns it: listen to `error`, and `disconnect()` it. */
export const connectProducer = (address: RedisAddress, name: string): RedisClient => connect(address, PRODUCER, name);

/** Connects a blocking reader. The caller owns it. */
export const connectReader = (address: RedisAddress, name: string): RedisClient => connect(address, READER, name);

/** The servers that take writes: each master of a cluster, else the one. */
export const writersOf = (client: RedisClient): Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];
