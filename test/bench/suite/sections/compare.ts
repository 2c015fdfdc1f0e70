import { openProbe } from '../probe.ts';
import { processorMicros } from '../processor.ts';
import { type Compared, type Contender, contenders, type Results } from '../results.ts';
import { type Server, startPeer, startReceiver } from '../server.ts';
import type { Sample, Stage } from '../stage.ts';
import { ALL, measure, WARM_UP } from '../stage.ts';
import { median } from '../statistics.ts';

export type Effort = { readonly rounds: number; readonly seconds: number; readonly connections: number };

/** More than anybody who looks at them can take in the time of a round. */
const BODIES_PER_SECOND = 25_000;
const PROBE_BODIES = 20_000;
const MB = 1024 * 1024;

type Servers = Readonly<Record<Contender, Server>>;

const openServers = async (stack: AsyncDisposableStack, stage: Stage): Promise<Servers> => {
  const { dataDir, redis } = stage;
  return {
    receiver: stack.use(await startReceiver({ redisUrl: redis.url, dataDir })),
    express: stack.use(await startPeer('express', redis.port, dataDir)),
    fastify: stack.use(await startPeer('fastify', redis.port, dataDir)),
    bare: stack.use(await startPeer('bare', redis.port, dataDir)),
  };
};

/** Every round begins with another one, so that nobody is always the first or the last. */
const orderOf = (round: number): readonly Contender[] => [
  ...contenders.slice(round % contenders.length),
  ...contenders.slice(0, round % contenders.length),
];

const task = (name: Contender, { seconds, connections }: Effort) => ({
  connections,
  seconds,
  mayRepeat: name === 'bare',
});

/** As many callbacks for everybody: what Node.js has compiled well by then does not depend on how fast they were. */
const warmUp = async (stage: Stage, servers: Servers, effort: Effort): Promise<void> => {
  const batch = stage.fresh(WARM_UP);
  for (const name of contenders) {
    await measure(stage, [servers[name]], { ...ALL, batch, connections: effort.connections });
  }
};

type Rounds = Record<Contender, Sample[]>;

const saturate = async (stage: Stage, servers: Servers, effort: Effort): Promise<Rounds> => {
  const rounds: Rounds = { receiver: [], express: [], fastify: [], bare: [] };
  await warmUp(stage, servers, effort);
  for (let round = 0; round < effort.rounds; round += 1) {
    const batch = stage.fresh(BODIES_PER_SECOND * effort.seconds);
    for (const name of orderOf(round)) {
      rounds[name].push(await measure(stage, [servers[name]], { ...task(name, effort), batch, rate: null }));
    }
    stage.say(`round ${round + 1} of ${effort.rounds}`);
  }
  return rounds;
};

const latencies = async (
  stage: Stage,
  servers: Servers,
  rates: Readonly<Record<Contender, number>>,
  effort: Effort,
) => {
  const rounds: Rounds = { receiver: [], express: [], fastify: [], bare: [] };
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const name of orderOf(round)) {
      const rate = rates[name] / 2;
      const batch = stage.fresh(Math.ceil(rate * (effort.seconds + 1)));
      rounds[name].push(
        await measure(stage, [servers[name]], { ...task(name, effort), connections: 256, batch, rate }),
      );
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

const each = <Value>(make: (name: Contender) => Value): Record<Contender, Value> => ({
  receiver: make('receiver'),
  express: make('express'),
  fastify: make('fastify'),
  bare: make('bare'),
});

/** The receiver and its peers, one after another in each round, at saturation and at half of it. */
export const compare = async (stage: Stage, effort: Effort): Promise<Results['compared']> => {
  await using stack = new AsyncDisposableStack();
  const servers = await openServers(stack, stage);
  const full = await saturate(stage, servers, effort);
  const rates = each((name) => by(full[name], ({ perSecond }) => perSecond));
  const half = await latencies(stage, servers, rates, effort);
  return each((name) => summary(full[name], half[name]));
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
