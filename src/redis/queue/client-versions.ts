import type { RedisClient } from '../connection/connection.ts';

/** The lowest major version of BullMQ that may use the queues: older ones lose jobs that are added while a queue is paused. */
export const LOWEST_BULLMQ_MAJOR = 6;

export type OldClient = {
  readonly queue: string;
  /** As the client wrote it: `5.81.0`. */
  readonly version: string;
};

type Where = { readonly redis: RedisClient; readonly prefix: string; readonly names: readonly string[] };

/** `bullmq:5.81.0`, `bullmq-pro:…`: what the last client that opened a queue left in its `meta`. */
const parseVersion = (text: string | null): string | null =>
  /^bullmq[\w-]*:(\d+\.[\w.-]+)$/.exec(text ?? '')?.[1] ?? null;

/** Queues that a BullMQ client below the lowest version was the last to open. */
export const findOldClients = async ({ redis, prefix, names }: Where): Promise<readonly OldClient[]> => {
  const found = await Promise.all(
    names.map(async (queue) => ({
      queue,
      version: parseVersion(await redis.hget(`${prefix}:{${queue}}:meta`, 'version')),
    })),
  );
  return found.flatMap(({ queue, version }) =>
    version !== null && Number.parseInt(version, 10) < LOWEST_BULLMQ_MAJOR ? [{ queue, version }] : [],
  );
};
