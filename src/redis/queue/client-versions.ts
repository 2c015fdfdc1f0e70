import { LOWEST_BULLMQ_MAJOR } from '../../core/queues.ts';
import type { RedisClient } from '../connection/connection.ts';

type OldClient = {
  readonly queue: string;
  /** As the client wrote it, such as `5.81.0`. */
  readonly version: string;
};

type QueuesToCheck = { readonly redis: RedisClient; readonly prefix: string; readonly names: readonly string[] };

/** Parses `bullmq:5.81.0` or `bullmq-pro:…`, which the last client to open a queue wrote to its `meta`. */
const parseVersion = (text: string | null): string | null =>
  /^bullmq[\w-]*:(\d+\.[\w.-]+)$/.exec(text ?? '')?.[1] ?? null;

/** The version in a `meta` if it is below the lowest supported one; otherwise null. */
export const oldVersionIn = (text: string | null): string | null => {
  const version = parseVersion(text);
  return version !== null && Number.parseInt(version, 10) < LOWEST_BULLMQ_MAJOR ? version : null;
};

/** Finds the queues whose last client was a BullMQ below the lowest supported version. */
export const findOldClients = async ({ redis, prefix, names }: QueuesToCheck): Promise<readonly OldClient[]> => {
  const clients = names.map(async (queue) => {
    const version = oldVersionIn(await redis.hget(`${prefix}:{${queue}}:meta`, 'version'));
    return version === null ? [] : [{ queue, version }];
  });
  return (await Promise.all(clients)).flat();
};
