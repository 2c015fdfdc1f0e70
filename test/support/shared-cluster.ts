import { randomUUID } from 'node:crypto';
import type { Cluster } from 'ioredis';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { openCluster } from './topologies/open-cluster.ts';
import type { Topology } from './topologies/topology.ts';

const START_MS = 60_000;

/** A prefix of a cluster that belongs to one test. */
export type ClusterNamespace = { readonly prefix: string; readonly redis: Cluster };

/** One cluster for the tests of a file, with a prefix for each of them. */
export const useCluster = () => {
  let opened: Topology | undefined;
  beforeAll(async () => {
    opened = await openCluster();
  }, START_MS);
  afterAll(() => opened?.[Symbol.asyncDispose]());
  const topology = (): Topology => {
    if (opened === undefined) throw new Error('the cluster starts before the tests');
    return opened;
  };
  const connect = async (): Promise<Cluster> => {
    const redis = (await topology().connect()) as Cluster;
    onTestFinished(() => redis.disconnect());
    return redis;
  };
  /** The names of all keys under a prefix, without the prefix. */
  const keysOf = async (prefix: string): Promise<string[]> => {
    const keys = await Promise.all(topology().nodes.map(({ admin }) => admin.keys(`${prefix}:*`)));
    return keys.flat().map((key) => key.slice(prefix.length + 1));
  };
  const open = async (): Promise<ClusterNamespace> => ({ prefix: `test-${randomUUID()}`, redis: await connect() });
  return { topology, connect, keysOf, open };
};
