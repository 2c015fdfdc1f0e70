import { untilClusterIsWhole } from '../../support/topologies/open-cluster.ts';
import { follow } from '../../support/topologies/open-sentinel.ts';
import { until } from '../../support/until.ts';
import { type Fault, proxyOf } from './world.ts';

const FAILOVER_TIMEOUT_MS = 15_000;

/** Faults of topologies with several nodes. */
export const topologyFaults = {
  'endpoint-moved': {
    what: 'the replica is made a primary and the endpoint leads to it; the old primary continues with open connections, later as its replica',
    topologies: ['endpoint'],
    mustReachRedis: true,
    happen: async (world) => {
      const { topology, redis, last } = world;
      const next = topology.nodes.find((node) => node !== redis);
      if (next === undefined) throw new Error('there is no replica');
      await next.admin.replicaof('NO', 'ONE');
      proxyOf(world).pointTo(next.port); // open connections are not moved
      await last();
      await follow(redis, next);
    },
  },
  failover: {
    what: 'SIGKILL of the primary; the sentinels promote the replica; the old primary returns as its replica',
    topologies: ['sentinel'],
    happen: async ({ topology, redis }) => {
      await redis.kill();
      const isHandedOver = async (): Promise<boolean> => (await topology.primary()) !== redis;
      await until(isHandedOver, { what: 'there is a new primary', timeoutMs: FAILOVER_TIMEOUT_MS });
      const primary = await topology.primary();
      await redis.start(['--replicaof', `127.0.0.1 ${primary.port}`]);
      await follow(redis, primary);
    },
  },
  'node-lost': {
    what: 'SIGKILL of one node of a cluster until the others consider it failed; then it returns with its slots',
    topologies: ['cluster'],
    happen: async ({ topology, redis, last }) => {
      await redis.kill();
      const others = topology.nodes.filter((node) => node !== redis);
      const isMissed = async (): Promise<boolean> =>
        String(await others[0]?.admin.cluster('INFO')).includes('state:fail');
      await until(isMissed, { what: 'the node is missed', timeoutMs: FAILOVER_TIMEOUT_MS });
      await last();
      await redis.start();
      await untilClusterIsWhole(topology.nodes);
    },
  },
} as const satisfies Record<string, Fault>;
