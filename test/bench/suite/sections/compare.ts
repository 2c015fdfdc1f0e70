import { openProbe } from '../probe.ts';
import { processorMicros } from '../processor.ts';
import { type Compared, contenders, type MeasuredContender, type Results } from '../results.ts';
import { type Server, startFloor, startPeer, startReceiver } from '../server.ts';
import type { Sample, Stage } from '../stage.ts';
import { measure, warmUp } from '../stage.ts';
import { medianOf } from '../statistics.ts';

export type Effort = { readonly rounds: number; readonly seconds: number; readonly connections: number };

/** More callbacks per second than any contender that reads them handles. */
const BODIES_PER_SECOND = 25_000;
const PROBE_BODIES = 20_000;
const MB = 1024 * 1024;

type Servers = ReadonlyMap<MeasuredContender, Server>;

const openServers = async (stack: AsyncDisposableStack, stage: Stage): Promise<Servers> => {
  const { dataDir, redis } = stage;
  const servers = new Map<MeasuredContender, Server>();
  for (const name of contenders) {
    const starting =
      name === 'receiver' ? startReceiver({ redisUrl: redis.url, dataDir }) : startPeer(name, redis.port, dataDir);
    servers.set(name, stack.use(await starting));
  }
  const floor = await startFloor(redis.port, dataDir);
  if (floor === null) stage.say('the floor (g) is not measured: rustc is not installed');
  else servers.set('floor', stack.use(floor));
  return servers;
};

/** Every round begins with a different server, so that none is always the first or the last. */
const orderOf = (servers: Servers, round: number): readonly (readonly [MeasuredContender, Server])[] => {
  const all = [...servers];
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
};

const task = (name: MeasuredContender, { seconds, connections }: Effort) => ({
  connections,
  seconds,
  mayRepeat: name === 'bare',
});

type Rounds = ReadonlyMap<MeasuredContender, Sample[]>;

const emptyRounds = (servers: Servers): Rounds => new Map([...servers.keys()].map((name) => [name, []]));

const saturate = async (stage: Stage, servers: Servers, effort: Effort): Promise<Rounds> => {
  const rounds = emptyRounds(servers);
  await warmUp(stage, servers.values(), effort.connections);
  for (let round = 0; round < effort.rounds; round += 1) {
    const batch = stage.fresh(BODIES_PER_SECOND * effort.seconds);
    for (const [name, server] of orderOf(servers, round)) {
      rounds.get(name)?.push(await measure(stage, [server], { ...task(name, effort), batch, rate: null }));
    }
    stage.say(`round ${round + 1} of ${effort.rounds}`);
  }
  return rounds;
};

const measureLatencies = async (stage: Stage, servers: Servers, full: Rounds, effort: Effort) => {
  const rounds = emptyRounds(servers);
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const [name, server] of orderOf(servers, round)) {
      const rate = medianOf(full.get(name) ?? [], ({ perSecond }) => perSecond) / 2;
      const batch = stage.fresh(Math.ceil(rate * (effort.seconds + 1)));
      const options = { ...task(name, effort), connections: 256, batch, rate };
      rounds.get(name)?.push(await measure(stage, [server], options));
    }
  }
  return rounds;
};

const summary = (full: readonly Sample[], half: readonly Sample[]): Compared => ({
  perSecond: medianOf(full, ({ perSecond }) => perSecond),
  serverMicros: medianOf(full, ({ serverMicros }) => serverMicros),
  redisMicros: medianOf(full, ({ redisMicros }) => redisMicros),
  residentMb: Math.max(...full.map(({ resident }) => resident)) / MB,
  latencyMs: {
    p50: medianOf(half, ({ result }) => result.latencyMs.p50),
    p99: medianOf(half, ({ result }) => result.latencyMs.p99),
    p999: medianOf(half, ({ result }) => result.latencyMs.p999),
  },
});

/** Compares the receiver with its peers, in alternating rounds, at saturation and at half of that. */
export const compare = async (stage: Stage, effort: Effort): Promise<Results['compared']> => {
  await using stack = new AsyncDisposableStack();
  const servers = await openServers(stack, stage);
  const full = await saturate(stage, servers, effort);
  const half = await measureLatencies(stage, servers, full, effort);
  const compared = [...servers.keys()].map((name) => [name, summary(full.get(name) ?? [], half.get(name) ?? [])]);
  return Object.fromEntries(compared) as Results['compared'];
};

/** The cost of verification alone, and of only storing the bytes. */
export const probeFloors = async (
  stage: Stage,
  { rounds }: Effort,
): Promise<Pick<Results, 'store' | 'verificationMicros'>> => {
  await using stack = new AsyncDisposableStack();
  const probe = stack.use(openProbe());
  const redisPid = stage.redis.process.pid ?? 0;
  const found: { readonly verification: number; readonly client: number; readonly redis: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const batch = stage.fresh(PROBE_BODIES);
    const verification = await probe.run({ kind: 'verification', batch });
    const before = processorMicros(redisPid);
    const client = await probe.run({ kind: 'store', batch, redisUrl: stage.redis.url });
    const redis = (processorMicros(redisPid) - before) / PROBE_BODIES;
    if (round >= 0) found.push({ verification, client, redis });
  }
  return {
    verificationMicros: medianOf(found, ({ verification }) => verification),
    store: {
      clientMicros: medianOf(found, ({ client }) => client),
      redisMicros: medianOf(found, ({ redis }) => redis),
    },
  };
};
