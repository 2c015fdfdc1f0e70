import type { Worker } from 'bullmq';
import { explainRedisError, type TlsProbe } from './explain-redis-error.ts';
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
  readonly probe: TlsProbe;
};

const notReady = async ({ timeoutMs, address, lastError, probe }: Waiting): Promise<ConsumerNotReadyError> => {
  const cause = lastError();
  const error = cause ?? new Error('no answer');
  const why = (await probe.ask(error)) ?? explainRedisError(error) ?? error.message;
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
  const timer = setTimeout(() => notReady(waiting).then(reject, reject), waiting.timeoutMs);
  try {
    await Promise.race([connected, promise]);
  } finally {
    clearTimeout(timer);
  }
};
