import { openCluster } from '../../support/topologies/open-cluster.ts';
import { openEndpoint } from '../../support/topologies/open-endpoint.ts';
import { openSentinel } from '../../support/topologies/open-sentinel.ts';
import { openSingle } from '../../support/topologies/open-single.ts';
import type { Topology } from '../../support/topologies/topology.ts';
import { type Disk, openFragileDisk, openSmallDisk } from './disks.ts';

/** What is set up before faults happen. */
export type Scenario = {
  readonly what: string;
  readonly open: () => Promise<Topology>;
  /** Environment of the receiver, in addition to that of the topology. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the spool has room for all callbacks, so that none is ever answered 503. */
  readonly isRoomy?: boolean;
  /** Mounts the spool's disk if it is not an ordinary folder. */
  readonly mount?: (path: string) => Disk;
};

/** Room for a few hundred callbacks. */
const SMALL_SPOOL_BYTES = '98304';

export const scenarios = {
  single: { what: 'one Redis, reached through a proxy', open: openSingle, isRoomy: true },
  endpoint: {
    what: 'a primary and a replica that confirms, reached through a proxy that leads to the primary',
    open: openEndpoint,
    isRoomy: true,
  },
  sentinel: {
    what: 'a primary, a replica that confirms, three sentinels',
    open: () => openSentinel({ replicas: 1 }),
    isRoomy: true,
  },
  cluster: { what: 'a cluster of three nodes', open: openCluster, isRoomy: true },
  'small-spool': {
    what: 'one Redis, and a spool that soon fills up (`SPOOL_MAX_BYTES`)',
    open: openSingle,
    env: { SPOOL_MAX_BYTES: SMALL_SPOOL_BYTES },
  },
  'full-disk': { what: 'one Redis, and a spool on a disk that soon fills up', open: openSingle, mount: openSmallDisk },
  'fragile-disk': {
    what: 'one Redis, and a spool on a disk that can lose its power',
    open: openSingle,
    mount: openFragileDisk,
    isRoomy: true,
  },
  'no-spool': { what: 'one Redis, and no spool', open: openSingle, env: { SPOOL_DIR: 'off' } },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
