import { openProbe } from '../probe.ts';
import { processorMicros } from '../processor.ts';
import { type Compared, contenders, type MeasuredContender, type Results } from '../results.ts';
import { type Server, startFloor, startPeer, startReceiver } from '../server.ts';
import type { Sample, Stage } from '../stage.ts';
import { ALL, measure, WARM_UP } from '../stage.ts';
import { median } from '../statistics.ts';

export type Effort = { readonly rounds: number; readonly seconds: number; readonly connections: number };

/** More than anybody who looks at them can take in the time of a round. */
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
  if (floor === null) stage.say('no rustc: the floor (g) is not measured');
  else servers.set('floor', stack.use(floor));
  return servers;
};

/** Every round begins with another one, so that nobody is always the first or the last. */
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

/** As many callbacks for everybody: what Node.js has compiled well by then does not depend on how fast they were. */
const warmUp = async (stage: Stage, servers: Servers, effort: Effort): Promise<void> => {
  const batch = stage.fresh(WARM_UP);
  for (const server of servers.values()) {
    await measure(stage, [server], { ...ALL, batch, connections: effort.connections });
  }
};

type Rounds = ReadonlyMap<MeasuredContender, Sample[]>;

const emptyRounds = (servers: Servers): Rounds => new Map([...servers.keys()].map((name) => [name, []]));

const saturate = async (stage: Stage, servers: Servers, effort: Effort): Promise<Rounds> => {
  const rounds = emptyRounds(servers);
  await warmUp(stage, servers, effort);
  for (let round = 0; round < effort.rounds; round += 1) {
    const batch = stage.fresh(BODIES_PER_SECOND * effort.seconds);
    for (const [name, server] of orderOf(servers, round)) {
      rounds.get(name)?.push(await measure(stage, [server], { ...task(name, effort), batch, rate: null }));
    }
    stage.say(`round ${round + 1} of ${effort.rounds}`);
  }
  return rounds;
};

const latencies = async (stage: Stage, servers: Servers, full: Rounds, effort: Effort) => {
  const rounds = emptyRounds(servers);
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const [name, server] of orderOf(servers, round)) {
      const rate = by(full.get(name) ?? [], ({ perSecond }) => perSecond) / 2;
      const batch = stage.fresh(Math.ceil(rate * (effort.seconds + 1)));
      const options = { ...task(name, effort), connections: 256, batch, rate };
      rounds.get(name)?.push(await measure(stage, [server], options));
    }
  }
  return rounds;
};

const by = (samples: readonly Sample[], pick: (sample: Sample) => number): number => median(samples.map(pick));

const summary = (full: readonly Sample[], half: readonly Sample[]): Compared => ({
  perSecond: by(full, ({ perSecond }) => perSecond),
  serverMicros: by(full, ({ serverMicros }) => serverMicros),
  redisMicros: by(full, ({ redisMicros }) => redisMicros),
  residentMb: Math.max(...full.map(({ resident }) => resident)) / MB,
  latencyMs: {
    p50: by(half, ({ result }) => result.latencyMs.p50),
    p99: by(half, ({ result }) => result.latencyMs.p99),
    p999: by(half, ({ result }) => result.latencyMs.p999),
  },
});

/** The receiver and its peers, one after another in each round, at saturation and at half of it. */
export const compare = async (stage: Stage, effort: Effort): Promise<Results['compared']> => {
  await using stack = new AsyncDisposableStack();
  const servers = await openServers(stack, stage);
  const full = await saturate(stage, servers, effort);
  const half = await latencies(stage, servers, full, effort);
  const compared = [...servers.keys()].map((name) => [name, summary(full.get(name) ?? [], half.get(name) ?? [])]);
  return Object.fromEntries(compared) as Results['compared'];
};

/** Verification alone, and the floor of the store. */
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
    verificationMicros: median(found.map(({ verification }) => verification)),
    store: {
      clientMicros: median(found.map(({ client }) => client)),
      redisMicros: median(found.map(({ redis }) => redis)),
    },
  };
};
