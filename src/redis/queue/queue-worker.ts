import { type Job, type Telemetry, Worker } from 'bullmq';
import type { RedisClient } from '../connection/connection.ts';
import { createDeadline } from '../deadline.ts';
import { braced } from './event-queue.ts';
import { redactTelemetry } from './private-telemetry.ts';

export type QueueWorkerOptions<Data> = {
  readonly name: string;
  /** A connection for this worker alone. Closed with it. */
  readonly reader: RedisClient;
  readonly prefix: string;
  /** Jobs that are processed at the same time. Default 1. */
  readonly concurrency?: number;
  /** @param token proves to BullMQ that the worker holds the job */
  readonly work: (job: Job<Data>, token: string | undefined) => Promise<unknown>;
  readonly onError: (error: Error) => void;
  /** Continues the traces of the jobs; absent where nothing is traced. */
  readonly telemetry?: Telemetry | undefined;
};

const CLOSE_TIMEOUT_MS = 2000;

/** A worker of the service itself. */
export const openQueueWorker = <Data>(options: QueueWorkerOptions<Data>): AsyncDisposable => {
  const { name, reader: connection, prefix, concurrency = 1, work, onError, telemetry } = options;
  const traced = telemetry === undefined ? {} : { telemetry: redactTelemetry(telemetry) };
  connection.on('error', onError);
  const worker = new Worker<Data>(braced(name), work, {
    connection,
    prefix,
    concurrency,
    skipVersionCheck: true,
    ...traced,
  });
  worker.on('error', onError);
  return {
    [Symbol.asyncDispose]: async () => {
      // While Redis is unavailable, BullMQ would wait for a connection to end that is not there, and no result of a job
      // could be stored: force it.
      const force = connection.status !== 'ready';
      await createDeadline(CLOSE_TIMEOUT_MS).within(worker.close(force)).catch(onError);
      connection.disconnect();
    },
  };
};
