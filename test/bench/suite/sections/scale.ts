import { openCluster } from '../../../support/topologies/open-cluster.ts';
import { processorMicros } from '../processor.ts';
import type { ScaleRow } from '../results.ts';
import { type Server, startReceiver } from '../server.ts';
import { BODIES_PER_SECOND, measure, openRedis, SATURATE, type Sample, type Stage } from '../stage.ts';
import { medianOf } from '../statistics.ts';
import type { Effort } from './compare.ts';

type SetUp = {
  readonly name: string;
  readonly servers: readonly Server[];
  readonly redisPids: readonly number[];
  readonly families?: number;
};

const start = async (
  stack: AsyncDisposableStack,
  { dataDir }: Stage,
  redisUrl: string,
  count: number,
): Promise<Server[]> => {
  const servers: Server[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `scale-${redisUrl.length}-${count}-${index}`;
    servers.push(stack.use(await startReceiver({ redisUrl, dataDir, name })));
  }
  return servers;
};

const openSetUps = async (stack: AsyncDisposableStack, stage: Stage, receivers: number): Promise<SetUp[]> => {
  const single = await openRedis(stack, `${stage.dataDir}/single`);
  const cluster = stack.use(await openCluster());
  const singlePids = [single.process.pid ?? 0];
  const clusterPids = cluster.nodes.map(({ pid }) => pid);
  const one = await start(stack, stage, single.url, 1);
  const several = await start(stack, stage, single.url, receivers);
  const onCluster = await start(stack, stage, cluster.url, receivers);
  const receiverCount = receivers === 2 ? 'two receivers' : `${receivers} receivers`;
  return [
    { name: 'one receiver, one Redis', servers: one, redisPids: singlePids },
    { name: `${receiverCount}, one Redis`, servers: several, redisPids: singlePids },
    { name: `${receiverCount}, cluster of three`, servers: onCluster, redisPids: clusterPids },
    { name: `${receiverCount}, cluster of three, one family`, servers: onCluster, redisPids: clusterPids, families: 1 },
  ];
};

type Row = { readonly sample: Sample; readonly nodes: readonly number[] };

const run = async (stage: Stage, setUp: SetUp, { seconds, connections }: Effort): Promise<Row> => {
  const { servers, redisPids, families } = setUp;
  const batch = stage.fresh(BODIES_PER_SECOND * seconds, families === undefined ? {} : { families });
  const before = redisPids.map(processorMicros);
  const task = { ...SATURATE, batch, connections, seconds, redisPids };
  const sample = await measure(stage, servers, task);
  const nodes = redisPids.map((pid, index) => (processorMicros(pid) - (before[index] ?? 0)) / sample.result.answered);
  return { sample, nodes };
};

const rowOf = ({ name, redisPids }: SetUp, rows: readonly Row[]): ScaleRow => ({
  name,
  perSecond: medianOf(rows, ({ sample }) => sample.perSecond),
  receiverMicros: medianOf(rows, ({ sample }) => sample.serverMicros),
  redisMicros: redisPids.map((_, index) => medianOf(rows, ({ nodes }) => nodes[index] ?? 0)),
});

/** Compares several receivers on one Redis and on a cluster. On few cores, look at the processor time. */
export const measureScale = async (stage: Stage, effort: Effort, receivers = 2): Promise<ScaleRow[]> => {
  await using stack = new AsyncDisposableStack();
  const setUps = await openSetUps(stack, stage, receivers);
  const found = new Map<SetUp, Row[]>(setUps.map((setUp) => [setUp, []]));
  for (let round = -1; round < effort.rounds; round += 1) {
    for (const setUp of setUps) {
      const row = await run(stage, setUp, effort);
      if (round >= 0) found.get(setUp)?.push(row);
    }
  }
  return [...found].map(([setUp, rows]) => rowOf(setUp, rows));
};
