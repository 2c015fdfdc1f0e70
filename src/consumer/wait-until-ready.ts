import type { Worker } from 'bullmq';
import { explainRedisError, type TlsProbe } from './explain-redis-error.ts';
import type { ReadyOptions } from './options.ts';

/** The consumer was not ready in time. `cause` is the last error of its connection, or null. */
export class ConsumerNotReadyError extends Error {
  override readonly name = 'ConsumerNotReadyError';
}

type WaitOptions = ReadyOptions & {
  readonly workers: readonly Worker[];
  /** Host and port of Redis. */
  readonly address: string;
  /** The last error of the connection, or null. */
  readonly lastError: () => Error | null;
  readonly probe: TlsProbe;
};

const notReadyError = async (options: WaitOptions): Promise<ConsumerNotReadyError> => {
  const { timeoutMs, address, lastError, probe } = options;
  const cause = lastError();
  const error = cause ?? new Error('no answer');
  const reason = (await probe.explain(error)) ?? explainRedisError(error) ?? error.message;
  return new ConsumerNotReadyError(`Redis at ${address} was not ready within ${timeoutMs} ms: ${reason}`, { cause });
};

/** Waits until every worker is connected. */
export const waitUntilReady = async (options: WaitOptions): Promise<void> => {
  const connected = Promise.all(options.workers.map((worker) => worker.waitUntilReady()));
  if (options.timeoutMs === undefined) {
    await connected;
    return;
  }
  connected.catch(() => undefined);
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => notReadyError(options).then(reject, reject), options.timeoutMs);
  try {
    await Promise.race([connected, promise]);
  } finally {
    clearTimeout(timer);
  }
};
