import { type Job, type Telemetry, Worker } from 'bullmq';
import type { RedisClient } from '../connection/connection.ts';
import { createDeadline } from '../deadline.ts';
import { braced } from './event-queue.ts';
import { redactTelemetry } from './private-telemetry.ts';

export type QueueWorkerOptions<Data> = {
  readonly name: string;
  /** A connection of its own. Closed with the worker. */
  readonly reader: RedisClient;
  readonly prefix: string;
  /** How many jobs at a time. Default 1. */
  readonly concurrency?: number;
  readonly work: (job: Job<Data>) => Promise<unknown>;
  readonly onError: (error: Error) => void;
  /** Goes on with the traces of the jobs; absent where nothing is traced. */
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
      // While Redis is away, BullMQ waits here for the end of a connection that has none.
      await createDeadline(CLOSE_TIMEOUT_MS).within(worker.close()).catch(onError);
      connection.disconnect();
    },
  };
};
