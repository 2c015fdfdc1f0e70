import { until } from '../../support/until.ts';
import type { Fault, World } from './world.ts';

/** How much longer than the fault the rewrite takes. */
const REWRITE_MORE_MS = 2000;
const NOTICE_TIMEOUT_MS = 10_000;
const DRAIN_TIMEOUT_MS = 30_000;

const isDrained = async ({ receiver }: World): Promise<boolean> =>
  ((await receiver.metric('paycools_spool_events')) ?? 0) === 0;

/** Waits until the receiver reports this in `/readyz` or in its metric. If it never does, the run shows it. */
const untilNoticed = async ({ receiver }: World): Promise<void> => {
  const hasNoticed = async (): Promise<boolean> => {
    const reasons = await receiver.reasons();
    return 'durability' in reasons || (await receiver.metric('paycools_durability_ok')) === 0;
  };
  await until(hasNoticed, { what: 'the weakness is noticed', timeoutMs: NOTICE_TIMEOUT_MS }).catch(() => undefined);
};

/** Faults that make a Redis store less than it confirms. */
export const durabilityFaults = {
  'durability-weakened': {
    what: '`CONFIG SET appendfsync everysec`, then `always` again',
    topologies: ['single', 'cluster'],
    happen: async ({ redis, last }) => {
      await redis.admin.config('SET', 'appendfsync', 'everysec');
      await last();
      await redis.admin.config('SET', 'appendfsync', 'always');
    },
  },
  'append-only-switched': {
    what: 'the append-only file is switched off and on again; Redis is killed before its first rewrite has finished',
    topologies: ['single'],
    happen: async ({ redis, lastsMs, last }) => {
      const keys = Math.max(1, await redis.admin.dbsize());
      // In microseconds per key.
      const delay = Math.ceil(((lastsMs + REWRITE_MORE_MS) * 1000) / keys);
      await redis.admin.config('SET', 'rdb-key-save-delay', delay);
      await redis.admin.config('SET', 'appendonly', 'no');
      await redis.admin.config('SET', 'appendonly', 'yes');
      await last();
      await redis.kill();
      await redis.start();
    },
  },
  'redis-forgets': {
    what: 'the append-only file is switched off; when the receiver has noticed, Redis takes callbacks and is killed',
    topologies: ['single'],
    happen: async (world) => {
      const { redis, generator, last } = world;
      // Callbacks acknowledged or drained between the change and the next check are at risk, as the promise states. So
      // nothing is posted in between, and the spool is empty.
      await generator.pause();
      try {
        await until(() => isDrained(world), { what: 'the spool is drained', timeoutMs: DRAIN_TIMEOUT_MS });
        await redis.admin.config('SET', 'appendonly', 'no');
        await untilNoticed(world);
      } finally {
        generator.resume();
      }
      await last();
      await redis.kill();
      await redis.start();
    },
  },
} as const satisfies Record<string, Fault>;
