import type { Worker } from 'bullmq';
import { explainRedisError } from './explain-redis-error.ts';
import type { ReadyOptions } from './options.ts';

/** Redis could not be reached in time. `cause` is the last error of the connection. */
export class ConsumerNotReadyError extends Error {
  override readonly name = 'ConsumerNotReadyError';
}

type Waiting = ReadyOptions & {
  readonly workers: readonly Worker[];
  /** Host and port of Redis. */
  readonly address: string;
  /** The last error of the connection, if there was one. */
  readonly lastError: () => Error | null;
};

const notReady = ({ timeoutMs, address, lastError }: Waiting): ConsumerNotReadyError => {
  const cause = lastError();
  const why = cause === null ? 'no answer' : (explainRedisError(cause) ?? cause.message);
  return new ConsumerNotReadyError(`Redis at ${address} is not ready within ${timeoutMs} ms: ${why}`, { cause });
};

/** Waits until every worker is connected. */
export const waitUntilReady = async (waiting: Waiting): Promise<void> => {
  const connected = Promise.all(waiting.workers.map((worker) => worker.waitUntilReady()));
  if (waiting.timeoutMs === undefined) {
    await connected;
    return;
  }
  connected.catch(() => undefined);
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(notReady(waiting)), waiting.timeoutMs);
  try {
    await Promise.race([connected, promise]);
  } finally {
    clearTimeout(timer);
  }
};
