import { Cluster } from 'ioredis';
import { freePort, isFree } from '../../../scripts/redis-server.ts';
import { until } from '../until.ts';
import { RedisNode } from './redis-node.ts';
import { argsOf, createTlsFiles } from './tls-files.ts';
import { newDataDir, opened, type Topology } from './topology.ts';

const SLOTS = 16_384;
const NODES = 3;
const NODE_TIMEOUT_MS = 1000;
/** Nodes talk to each other on their port plus this. */
const BUS_OFFSET = 10_000;
const HIGHEST_PORT = 65_535;

const freeClusterPort = async (): Promise<number> => {
  for (;;) {
    const port = await freePort();
    // The upper half of the usual range would put the bus beyond the last port.
    const candidate = port + BUS_OFFSET > HIGHEST_PORT ? port - BUS_OFFSET : port;
    if ((await isFree(candidate)) && (await isFree(candidate + BUS_OFFSET))) return candidate;
  }
};

const startNode = async (more: readonly string[] = []): Promise<RedisNode> =>
  RedisNode.start({
    dataDir: newDataDir('cluster'),
    port: await freeClusterPort(),
    args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(NODE_TIMEOUT_MS), ...more],
  });

/** The slots of one node: a third of all of them. */
const slotsOf = (index: number): number[] => {
  const first = Math.ceil((SLOTS * index) / NODES);
  const next = Math.ceil((SLOTS * (index + 1)) / NODES);
  return Array.from({ length: next - first }, (_, offset) => first + offset);
};

const isWhole = async (node: RedisNode): Promise<boolean> => {
  const info = String(await node.admin.cluster('INFO'));
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${NODES}`);
};

/** Waits until every node sees every slot served. */
export const untilClusterIsWhole = (nodes: readonly RedisNode[]): Promise<void> =>
  until(async () => (await Promise.all(nodes.map(isWhole))).every(Boolean), {
    what: 'the cluster is whole',
    timeoutMs: 20_000,
  });

const form = async (
  nodes: readonly RedisNode[],
  ports: readonly number[] = nodes.map(({ port }) => port),
): Promise<void> => {
  for (const [index, node] of nodes.entries()) {
    await node.admin.cluster('SET-CONFIG-EPOCH', index + 1);
    await node.admin.cluster('ADDSLOTS', ...slotsOf(index));
    if (node !== nodes[0]) await nodes[0]?.admin.cluster('MEET', '127.0.0.1', ports[index] ?? node.port);
  }
  await untilClusterIsWhole(nodes);
};

const topologyOf = (nodes: readonly RedisNode[]) => {
  const [first] = nodes;
  if (first === undefined) throw new Error('a cluster has nodes');
  const addresses = nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  return {
    name: 'cluster' as const,
    url: `redis+cluster://${addresses.map(({ host, port }) => `${host}:${port}`).join(',')}`,
    env: { DURABILITY: 'fsync' },
    nodes,
    proxy: null,
    primary: async () => first,
    connect: async () => {
      const cluster = new Cluster(addresses);
      cluster.on('error', () => undefined);
      return cluster;
    },
  };
};

/** Three nodes with a third of the slots each and no replicas: losing a node loses its slots. */
export const openCluster = (): Promise<Topology> =>
  opened(async (stack) => {
    const nodes: RedisNode[] = [];
    for (let index = 0; index < NODES; index += 1) nodes.push(stack.use(await startNode()));
    await form(nodes);
    return topologyOf(nodes);
  });

/** Adds a replica of a node and waits until it has caught up. The caller disposes it. */
export const addReplica = async (primary: RedisNode): Promise<RedisNode> => {
  const replica = await startNode();
  await replica.admin.cluster('MEET', '127.0.0.1', primary.port);
  const id = String(await primary.admin.cluster('MYID'));
  await until(async () => (await replica.admin.cluster('REPLICATE', id)) === 'OK', {
    what: 'the replica knows its primary',
    timeoutMs: 10_000,
  });
  await until(async () => String(await replica.admin.info('replication')).includes('master_link_status:up'), {
    what: 'the replica follows its primary',
    timeoutMs: 10_000,
  });
  return replica;
};

/** Moves slots and their keys to another node, as `redis-cli --cluster reshard` does. */
export const moveSlots = async (
  nodes: readonly RedisNode[],
  slots: readonly number[],
  to: RedisNode,
): Promise<void> => {
  const target = String(await to.admin.cluster('MYID'));
  for (const slot of slots) {
    for (const from of nodes) {
      if (from === to || !(await hasSlot(from, slot))) continue;
      await to.admin.cluster('SETSLOT', slot, 'IMPORTING', String(await from.admin.cluster('MYID')));
      await from.admin.cluster('SETSLOT', slot, 'MIGRATING', target);
      await moveKeys(from, slot, to);
      for (const node of [to, ...nodes.filter((it) => it !== to)]) {
        await node.admin.cluster('SETSLOT', slot, 'NODE', target);
      }
    }
  }
};

const hasSlot = async (node: RedisNode, slot: number): Promise<boolean> => {
  const own =
    String(await node.admin.cluster('NODES'))
      .split('\n')
      .find((line) => line.includes('myself')) ?? '';
  return own
    .split(' ')
    .slice(8)
    .some((range) => {
      const [first = Number.NaN, last = first] = range.split('-').map(Number);
      return first <= slot && slot <= last;
    });
};

const MOVE_TIMEOUT_MS = 5000;

const moveKeys = async (from: RedisNode, slot: number, to: RedisNode): Promise<void> => {
  for (;;) {
    const keys = (await from.admin.cluster('GETKEYSINSLOT', slot, 10)) as string[];
    if (keys.length === 0) return;
    await from.admin.call('MIGRATE', '127.0.0.1', to.port, '', 0, MOVE_TIMEOUT_MS, 'KEYS', ...keys);
  }
};

/**
 * A cluster with TLS for clients. Nodes are announced by address.
 *
 * @param name the host name of their certificate
 */
export const openTlsCluster = (name: string): Promise<Topology> =>
  opened(async (stack) => {
    const { certificateFile, configFor } = stack.use(createTlsFiles(name));
    const nodes: RedisNode[] = [];
    const ports: number[] = [];
    for (let index = 0; index < NODES; index += 1) {
      const port = await freeClusterPort();
      ports.push(port);
      const config = { ...configFor(port), 'tls-cluster': 'yes' }; // so that nodes are announced with this port
      nodes.push(stack.use(await startNode(argsOf(config))));
    }
    await form(nodes, ports);
    return {
      ...topologyOf(nodes),
      name: 'tls' as const,
      url: `rediss+cluster://${ports.map((port) => `localhost:${port}`).join(',')}`,
      env: { DURABILITY: 'fsync', NODE_EXTRA_CA_CERTS: certificateFile },
    };
  });
