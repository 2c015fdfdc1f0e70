import { until } from '../until.ts';
import { REPLICATE_AT_ONCE, RedisNode } from './redis-node.ts';
import { type SentinelProcess, startSentinel } from './sentinel-process.ts';
import { newDataDir, opened, type Topology } from './topology.ts';

const NAME = 'paycools';
const SENTINELS = 3;
const QUORUM = 2;
const FORM_TIMEOUT_MS = 20_000;

const startReplica = async (primary: RedisNode): Promise<RedisNode> => {
  const node = await RedisNode.start({ dataDir: newDataDir('replica'), args: REPLICATE_AT_ONCE });
  await follow(node, primary);
  return node;
};

/** Makes the node a replica and waits until it has caught up. */
export const follow = async (node: RedisNode, primary: RedisNode): Promise<void> => {
  await node.admin.replicaof('127.0.0.1', primary.port);
  const isLinked = async (): Promise<boolean> =>
    (await node.admin.info('replication')).includes('master_link_status:up');
  await until(isLinked, { what: 'the replica follows its primary', timeoutMs: FORM_TIMEOUT_MS });
};

/**
 * Makes former primaries replicas at once. Sentinels do that eight seconds after a node is back, and waiting for it would
 * prove nothing about the receiver. Returns false while the sentinels do not agree on the primary.
 */
export const attachReplicas = async ({ name, nodes, primary }: Topology): Promise<boolean> => {
  if (name !== 'sentinel') return true;
  const current = await primary().catch(() => null);
  if (current === null) return false;
  for (const { admin } of nodes.filter((node) => node !== current)) {
    if ((await admin.info('replication')).includes('role:master')) await admin.replicaof('127.0.0.1', current.port);
  }
  return true;
};

const primaryPort = async ({ admin }: SentinelProcess): Promise<number> => {
  const [, port] = (await admin.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)) as string[];
  return Number(port);
};

/** Whether the sentinel knows the other sentinels and all replicas, without which it could not fail over. */
const knowsAll = async ({ admin }: SentinelProcess, replicas: number): Promise<boolean> => {
  const reply = (await admin.call('SENTINEL', 'MASTER', NAME)) as string[];
  const numberIn = (field: string): number => Number(reply[reply.indexOf(field) + 1]);
  return numberIn('num-slaves') === replicas && numberIn('num-other-sentinels') === SENTINELS - 1;
};

const startSentinels = async (stack: AsyncDisposableStack, nodes: readonly RedisNode[]): Promise<SentinelProcess[]> => {
  const [primary] = nodes;
  if (primary === undefined) throw new Error('there is no primary to watch');
  const options = { name: NAME, primaryPort: primary.port, quorum: QUORUM };
  const sentinels: SentinelProcess[] = [];
  for (let index = 0; index < SENTINELS; index += 1) sentinels.push(stack.use(await startSentinel(options)));
  await until(async () => (await Promise.all(sentinels.map((it) => knowsAll(it, nodes.length - 1)))).every(Boolean), {
    what: 'the sentinels know each other',
    timeoutMs: FORM_TIMEOUT_MS,
  });
  return sentinels;
};

/** A primary with replicas, watched by three sentinels. The receiver waits for every replica. */
export const openSentinel = ({ replicas }: { readonly replicas: number }): Promise<Topology> =>
  opened(async (stack) => {
    const first = stack.use(await RedisNode.start({ dataDir: newDataDir('primary'), args: REPLICATE_AT_ONCE }));
    const nodes = [first];
    for (let index = 0; index < replicas; index += 1) nodes.push(stack.use(await startReplica(first)));
    const sentinels = await startSentinels(stack, nodes);
    const primary = async (): Promise<RedisNode> => {
      const ports = await Promise.all(sentinels.map(primaryPort));
      const node = nodes.find(({ port }) => ports.every((it) => it === port));
      if (node === undefined) throw new Error('the sentinels do not agree on the primary');
      return node;
    };
    return {
      name: 'sentinel' as const,
      url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
      env: { DURABILITY: `replicas:${replicas}` },
      nodes,
      proxy: null,
      primary,
      connect: async () => (await primary()).admin.duplicate(),
    };
  });
