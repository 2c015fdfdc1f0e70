import type { ReceiverProcess } from '../../support/receiver-process.ts';
import type { RedisNode } from '../../support/topologies/redis-node.ts';
import type { TcpProxy } from '../../support/topologies/tcp-proxy.ts';
import type { Topology, TopologyName } from '../../support/topologies/topology.ts';
import type { Disk } from './disks.ts';
import type { Generator } from './generator.ts';
import type { Random } from './random.ts';
import type { ReceiverClock } from './receiver-clock.ts';
import type { ReceiverNames } from './receiver-names.ts';

/** Everything that a fault can touch. */
export type World = {
  readonly topology: Topology;
  /** The node that accepts writes; in a cluster, a random one of the three. */
  readonly redis: RedisNode;
  readonly receiver: ReceiverProcess;
  readonly generator: Generator;
  readonly clock: ReceiverClock;
  readonly names: ReceiverNames;
  /** The spool's disk if it is not an ordinary folder. */
  readonly disk: Disk | null;
  readonly random: Random;
  /** How long this fault lasts, in milliseconds. */
  readonly lastsMs: number;
  /** Waits for as long as the fault lasts. */
  readonly last: () => Promise<void>;
};

/** A way to break something and to repair it. */
export type Fault = {
  /** One line for the table of docs/reliability.md. */
  readonly what: string;
  readonly topologies: readonly TopologyName[];
  /** Whether it needs a disk that can lose its power. */
  readonly needsFragileDisk?: boolean;
  /** Whether it is over only when the receiver uses Redis again; otherwise also when it is ready with its spool alone. */
  readonly mustReachRedis?: boolean;
  /** Breaks something, lets it last, and repairs it. */
  readonly happen: (world: World) => Promise<void>;
};

export const proxyOf = ({ topology }: World): TcpProxy => {
  if (topology.proxy === null) throw new Error(`the topology ${topology.name} has no proxy`);
  return topology.proxy;
};

/** Whether the receiver stores in Redis now, rather than in the spool. */
export const usesRedis = async ({ receiver }: Pick<World, 'receiver'>): Promise<boolean> => {
  const reasons = await receiver.reasons();
  return !('redis' in reasons || 'durability' in reasons);
};
