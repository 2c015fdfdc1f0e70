import { type Job, type Telemetry, Worker } from 'bullmq';
import type { RedisClient } from '../connection/connection.ts';
import { createDeadline } from '../deadline.ts';
import { withBraces } from './event-queue.ts';
import { redactTelemetry } from './private-telemetry.ts';

export type QueueWorkerOptions<Data> = {
  readonly name: string;
  /** A separate connection for the worker. Closed with the worker. */
  readonly reader: RedisClient;
  readonly prefix: string;
  /** How many jobs are processed at the same time. Default 1. */
  readonly concurrency?: number;
  /** @param token proves to BullMQ that this worker has locked the job */
  readonly work: (job: Job<Data>, token: string | undefined) => Promise<unknown>;
  readonly onError: (error: Error) => void;
  /** Continues the traces of jobs. */
  readonly telemetry?: Telemetry | undefined;
};

const CLOSE_TIMEOUT_MS = 2000;

/** Starts a worker of the service itself. */
export const openQueueWorker = <Data>(options: QueueWorkerOptions<Data>): AsyncDisposable => {
  const { name, reader: connection, prefix, concurrency = 1, work, onError, telemetry } = options;
  const traced = telemetry === undefined ? {} : { telemetry: redactTelemetry(telemetry) };
  connection.on('error', onError);
  const worker = new Worker<Data>(withBraces(name), work, {
    connection,
    prefix,
    concurrency,
    skipVersionCheck: true,
    ...traced,
  });
  worker.on('error', onError);
  return {
    [Symbol.asyncDispose]: async () => {
      // While Redis is unavailable, BullMQ would wait for the end of a connection that does not exist, and no result of a
      // job could be stored.
      const force = connection.status !== 'ready';
      await createDeadline(CLOSE_TIMEOUT_MS).within(worker.close(force)).catch(onError);
      connection.disconnect();
    },
  };
};
