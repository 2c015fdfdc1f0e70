import { LOWEST_BULLMQ_MAJOR } from '../../core/queues.ts';
import type { RedisClient } from '../connection/connection.ts';

export type OldClient = {
  readonly queue: string;
  /** As the client wrote it: `5.81.0`. */
  readonly version: string;
};

type Where = { readonly redis: RedisClient; readonly prefix: string; readonly names: readonly string[] };

/** `bullmq:5.81.0`, `bullmq-pro:…`: what the last client that opened a queue left in its `meta`. */
const parseVersion = (text: string | null): string | null =>
  /^bullmq[\w-]*:(\d+\.[\w.-]+)$/.exec(text ?? '')?.[1] ?? null;

/** The version in a `meta`, where it is below the lowest one; null otherwise. */
export const oldVersionIn = (text: string | null): string | null => {
  const version = parseVersion(text);
  return version !== null && Number.parseInt(version, 10) < LOWEST_BULLMQ_MAJOR ? version : null;
};

/** Queues that a BullMQ client below the lowest version was the last to open. */
export const findOldClients = async ({ redis, prefix, names }: Where): Promise<readonly OldClient[]> => {
  const found = await Promise.all(
    names.map(async (queue) => ({
      queue,
      version: oldVersionIn(await redis.hget(`${prefix}:{${queue}}:meta`, 'version')),
    })),
  );
  return found.flatMap(({ queue, version }) => (version === null ? [] : [{ queue, version }]));
};
