import { setTimeout as sleep } from 'node:timers/promises';
import { connectionFaults } from './connection-faults.ts';
import { durabilityFaults } from './durability-faults.ts';
import { topologyFaults } from './topology-faults.ts';
import type { Fault } from './world.ts';

const HOUR_MS = 60 * 60 * 1000;
const JUMPS_MS = [HOUR_MS, -HOUR_MS, 45 * 24 * HOUR_MS, -45 * 24 * HOUR_MS, 700];
const ALL = ['single', 'endpoint', 'sentinel', 'cluster'] as const;
/** Topologies in which no other node takes over when the primary is lost. */
const STEADY = ['single', 'cluster'] as const;
/** A maxmemory that is certainly exceeded. */
const NO_MEMORY = '1';

const receiverFaults = {
  'receiver-killed': {
    what: 'SIGKILL of the receiver, then started on the same spool',
    topologies: ALL,
    happen: async ({ receiver, last }) => {
      await receiver.kill();
      await last();
      await receiver.start();
    },
  },
  'receiver-restarted': {
    what: 'SIGTERM to the receiver, then started again',
    topologies: ALL,
    happen: async ({ receiver }) => {
      const code = await receiver.terminate();
      if (code !== 0) receiver.unexpectedExits.push(`SIGTERM ended it with ${code}`);
      await receiver.start();
    },
  },
  'clock-jump': {
    what: "the receiver's wall clock jumps by an hour or 45 days, forward or back, and returns",
    topologies: ALL,
    happen: async ({ clock, random, last }) => {
      clock.jump(random.pick(JUMPS_MS));
      await last();
      clock.jump(0);
    },
  },
} as const satisfies Record<string, Fault>;

const redisFaults = {
  'redis-killed': {
    what: 'SIGKILL of Redis (fsync always), then started on the same data',
    topologies: STEADY,
    happen: async ({ redis, last }) => {
      await redis.kill();
      await last();
      await redis.start();
    },
  },
  'both-killed': {
    what: 'SIGKILL of Redis; when callbacks are in the spool, SIGKILL of the receiver; then both are started again',
    topologies: STEADY,
    happen: async ({ redis, receiver, last }) => {
      await redis.kill();
      await last();
      await receiver.kill();
      await receiver.start();
      await redis.start();
    },
  },
  'power-lost': {
    what: 'SIGKILL of Redis; when callbacks are in the spool, its disk loses what was never synced; then all start again',
    topologies: ['single'],
    needsFragileDisk: true,
    happen: async ({ redis, receiver, disk, last }) => {
      await redis.kill();
      await last();
      await receiver.kill();
      disk?.losePower?.();
      await receiver.start();
      await redis.start();
    },
  },
  'redis-restarted': {
    what: 'Redis stopped cleanly and started again',
    topologies: STEADY,
    happen: async ({ redis, last }) => {
      await redis.stop();
      await last();
      await redis.start();
    },
  },
  'redis-hung': {
    what: 'SIGSTOP of Redis, then SIGCONT: connections remain open, nothing is answered',
    topologies: STEADY,
    happen: async ({ redis, last }) => {
      redis.hang();
      await last();
      redis.resume();
    },
  },
  'redis-paused': {
    what: '`CLIENT PAUSE`',
    topologies: ALL,
    happen: async ({ redis, lastsMs }) => {
      await redis.admin.client('PAUSE', lastsMs);
      await sleep(lastsMs);
    },
  },
  'redis-read-only': {
    what: 'the primary becomes a replica of a host that does not exist, then a primary again',
    topologies: ['single'],
    happen: async ({ redis, last }) => {
      await redis.admin.replicaof('127.0.0.1', 1);
      await last();
      await redis.admin.replicaof('NO', 'ONE');
    },
  },
  'password-changed': {
    what: 'the user of the receiver gets another password and its connections are closed; then the old password is restored',
    topologies: ['single'],
    mustReachRedis: true,
    happen: async ({ topology: { user }, redis, last }) => {
      if (user === undefined) throw new Error('the receiver has no separate user');
      const changeTo = async (password: string): Promise<void> => {
        await redis.admin.call('ACL', 'SETUSER', user.name, 'resetpass', `>${password}`);
        await redis.admin.call('CLIENT', 'KILL', 'USER', user.name);
      };
      await changeTo('another-password');
      await last();
      await changeTo(user.password);
    },
  },
  'redis-full': {
    what: '`CONFIG SET maxmemory` to less than is used, then back',
    topologies: ALL,
    happen: async ({ redis, last }) => {
      await redis.admin.config('SET', 'maxmemory', NO_MEMORY);
      await last();
      await redis.admin.config('SET', 'maxmemory', '0');
    },
  },
} as const satisfies Record<string, Fault>;

/** Every fault that the suite knows. */
export const faults = {
  ...receiverFaults,
  ...redisFaults,
  ...durabilityFaults,
  ...connectionFaults,
  ...topologyFaults,
} as const satisfies Record<string, Fault>;

export type FaultKind = keyof typeof faults;

const faultKinds = Object.keys(faults) as FaultKind[];

/** The faults that are possible in a topology. */
export const faultsOf = (topology: Fault['topologies'][number]): FaultKind[] =>
  faultKinds.filter((kind) => {
    const { topologies, needsFragileDisk = false }: Fault = faults[kind];
    return topologies.includes(topology) && !needsFragileDisk;
  });
