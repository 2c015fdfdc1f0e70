import { Redis, type RedisOptions } from 'ioredis';

/** Where Redis is, and how this connection shows up in its `CLIENT LIST`. */
export type RedisTarget = { readonly url: string; readonly name: string };

const MAX_RECONNECT_DELAY_MS = 1000;
const reconnectDelay = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_DELAY_MS);

/**
 * Profile of a producer: it never queues or repeats a command while Redis is away, because a caller is waiting and a
 * command of unknown outcome must not happen later by itself. It reconnects for ever.
 */
const PRODUCER = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 5000,
  retryStrategy: reconnectDelay,
} satisfies RedisOptions;

/** Connects a producer. The caller owns it: listen to `error`, and `disconnect()` it. */
export const connectProducer = ({ url, name }: RedisTarget): Redis =>
  new Redis(url, { ...PRODUCER, connectionName: name });
