import type { Redis } from 'ioredis';

/** The replicas did not confirm a write in time. It is in Redis, and may still reach them. */
class ReplicationError extends Error {
  override readonly name = 'ReplicationError';
}

export type ReplicationOptions = {
  readonly redis: Redis;
  /** How many replicas must confirm. */
  readonly count: number;
  /** How long they may take, in milliseconds. */
  readonly timeoutMs: number;
};

/**
 * Returns a function that waits until replicas have received all earlier writes. WAIT blocks its connection, so there is one
 * wait at a time, and writes made during it share the next one.
 */
export const createReplicationWait = ({ redis, count, timeoutMs }: ReplicationOptions): (() => Promise<void>) => {
  const wait = async (): Promise<void> => {
    const reached = await redis.wait(count, timeoutMs);
    if (reached < count) throw new ReplicationError(`${reached} of ${count} replicas confirmed`);
  };
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        running = wait();
        return running;
      });
    return next;
  };
};
