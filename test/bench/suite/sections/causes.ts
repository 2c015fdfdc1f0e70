import { Redis } from 'ioredis';
import type { Causes } from '../results.ts';
import { type Server, startReceiver } from '../server.ts';
import { BODIES_PER_SECOND, measure, openRedis, SATURATE, type Stage, warmUp } from '../stage.ts';
import { median } from '../statistics.ts';
import type { Effort } from './compare.ts';

const CONNECTIONS = 256;

/** A heap that does not fill up during the measurement. In megabytes. */
const ROOMY = ['--initial-heap-size=400'];

type Variant = { readonly name: string; readonly isSynced: boolean; readonly nodeArgs: readonly string[] };

const VARIANTS: readonly Variant[] = [
  { name: 'as shipped', isSynced: true, nodeArgs: [] },
  { name: 'Redis never waits for its disk', isSynced: false, nodeArgs: [] },
  { name: 'no full collection', isSynced: true, nodeArgs: ROOMY },
  { name: 'neither', isSynced: false, nodeArgs: ROOMY },
  { name: 'pretenuring left on', isSynced: true, nodeArgs: ['--allocation-site-pretenuring'] },
];

type Contestant = Variant & { readonly server: Server; readonly stage: Pick<Stage, 'load' | 'redis'> };

const open = async (stack: AsyncDisposableStack, stage: Stage): Promise<Contestant[]> => {
  const { dataDir, load, redis } = stage;
  const unsynced = await openRedis(stack, `${dataDir}/unsynced`);
  const admin = new Redis(unsynced.url);
  await admin.config('SET', 'appendfsync', 'no');
  admin.disconnect();
  const contestants: Contestant[] = [];
  for (const [index, variant] of VARIANTS.entries()) {
    const { isSynced, nodeArgs } = variant;
    const own = isSynced ? redis : unsynced;
    const name = `causes-${index}`;
    const env = { QUEUE_PREFIX: name, DURABILITY: isSynced ? 'fsync' : 'none' };
    const server = stack.use(await startReceiver({ redisUrl: own.url, dataDir, name, env, nodeArgs }));
    contestants.push({ ...variant, server, stage: { load, redis: own } });
  }
  return contestants;
};

type Figures = { readonly p50: number[]; readonly p99: number[]; readonly few: number[]; readonly many: number[] };

const measureRound = async (
  { server, stage }: Contestant,
  { fresh }: Stage,
  { rate, seconds, found }: { readonly rate: number; readonly seconds: number; readonly found: Figures },
): Promise<void> => {
  const next = () => ({ ...SATURATE, batch: fresh(BODIES_PER_SECOND * seconds), seconds });
  const { result } = await measure(stage, [server], { ...next(), connections: CONNECTIONS, rate });
  found.p50.push(result.latencyMs.p50);
  found.p99.push(result.latencyMs.p99);
  for (const [connections, list] of [
    [16, found.few],
    [64, found.many],
  ] as const) {
    const { serverMicros, redisMicros } = await measure(stage, [server], { ...next(), connections });
    list.push(serverMicros + redisMicros);
  }
};

/** The 99th percentile, and the cost at few and many connections, after removing one cause after another. */
export const measureCauses = async (
  stage: Stage,
  { rounds, seconds, connections }: Effort,
  ratePerSecond: number,
): Promise<Causes> => {
  await using stack = new AsyncDisposableStack();
  const contestants = await open(stack, stage);
  const all = contestants.map((contestant) => ({
    contestant,
    found: { p50: [], p99: [], few: [], many: [] } as Figures,
  }));
  for (const { server, stage: own } of contestants) await warmUp({ ...stage, ...own }, [server], connections);
  for (let round = 0; round < rounds; round += 1) {
    for (const { contestant, found } of all) {
      await measureRound(contestant, stage, { rate: ratePerSecond, seconds, found });
    }
    stage.say(`causes: round ${round + 1} of ${rounds}`);
  }
  const rows = all.map(({ contestant: { name }, found }) => ({
    name,
    p50: median(found.p50),
    p99: median(found.p99),
    microsAt16: median(found.few),
    microsAt64: median(found.many),
  }));
  return { ratePerSecond, rows };
};
