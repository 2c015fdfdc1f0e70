import { generateKeyPairSync } from 'node:crypto';
import { openProbe } from '../probe.ts';
import type { Results } from '../results.ts';
import { type Server, startReceiver } from '../server.ts';
import { ALL, measure, type Sample, type Stage } from '../stage.ts';
import { median } from '../statistics.ts';
import type { Effort } from './compare.ts';

const CALLBACKS = 10_000;
const ENVELOPES = 4000;
/** Envelopes before the first that counts: what only they need is compiled by then, as the rest is since long. */
const ENVELOPES_BEFORE = 16_000;
const STARTS = 5;
const CONNECTIONS = [16, 64, 256, 1024];

const usedMemory = async ({ admin }: Stage): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);

const micros = ({ serverMicros, redisMicros }: Sample): number => serverMicros + redisMicros;

/** Callbacks that come a second time, against the same ones before. */
const repeats = async (stage: Stage, server: Server, { rounds, connections }: Effort): Promise<Results['repeats']> => {
  const first: Sample[] = [];
  const second: Sample[] = [];
  const bytes: { readonly queued: number; readonly deduplicated: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const batch = stage.fresh(CALLBACKS);
    const empty = await usedMemory(stage);
    first.push(await measure(stage, [server], { ...ALL, batch, connections }));
    const queued = await usedMemory(stage);
    second.push(await measure(stage, [server], { ...ALL, batch, connections }));
    const deduplicated = await usedMemory(stage);
    bytes.push({ queued: (queued - empty) / CALLBACKS, deduplicated: (deduplicated - queued) / CALLBACKS });
  }
  return {
    newPerSecond: median(first.slice(1).map(({ perSecond }) => perSecond)),
    duplicatePerSecond: median(second.slice(1).map(({ perSecond }) => perSecond)),
    newMicros: median(first.slice(1).map(micros)),
    duplicateMicros: median(second.slice(1).map(micros)),
    queuedBytes: median(bytes.map(({ queued }) => queued)),
    deduplicatedBytes: median(bytes.map(({ deduplicated }) => deduplicated)),
  };
};

const byConnections = async (
  stage: Stage,
  server: Server,
  { rounds, seconds }: Effort,
): Promise<Results['byConnections']> => {
  const found = new Map<number, number[]>(CONNECTIONS.map((connections) => [connections, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const connections of CONNECTIONS) {
      const batch = stage.fresh(CALLBACKS * 2 * seconds);
      const sample = await measure(stage, [server], { batch, connections, seconds, rate: null, mayRepeat: false });
      found.get(connections)?.push(micros(sample));
    }
  }
  return Object.fromEntries([...found].map(([connections, values]) => [connections, median(values)]));
};

type Keys = { readonly privateKey: string; readonly publicKey: string };

const newKeys = (): Keys => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  };
};

/** Envelopes against flat bodies, beside what the check of an RSA signature costs by itself. */
const envelope = async (
  stage: Stage,
  server: Server,
  keys: Keys,
  { rounds, connections }: Effort,
): Promise<Results['envelope']> => {
  await using probe = openProbe();
  const before = stage.fresh(ENVELOPES_BEFORE, { privateKey: keys.privateKey });
  await measure(stage, [server], { ...ALL, batch: before, connections });
  const found: { readonly flat: number; readonly envelope: number; readonly check: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const flat = await measure(stage, [server], { ...ALL, batch: stage.fresh(ENVELOPES), connections });
    const batch = stage.fresh(ENVELOPES, { privateKey: keys.privateKey });
    const enveloped = await measure(stage, [server], { ...ALL, batch, connections });
    const check = await probe.run({
      kind: 'rsa',
      batch: { ...batch, count: ENVELOPES / 4 },
      publicKey: keys.publicKey,
    });
    if (round >= 0) found.push({ flat: flat.serverMicros, envelope: enveloped.serverMicros, check });
  }
  return {
    flatMicros: median(found.map(({ flat }) => flat)),
    envelopeMicros: median(found.map((it) => it.envelope)),
    checkMicros: median(found.map(({ check }) => check)),
  };
};

const startMs = async ({ redis, dataDir }: Stage): Promise<number> => {
  const times: number[] = [];
  for (let index = 0; index < STARTS; index += 1) {
    await using server = await startReceiver({ redisUrl: redis.url, dataDir, name: `start-${index}` });
    times.push(server.startMs);
  }
  return median(times);
};

/** What concerns the receiver only. */
export const measureReceiver = async (
  stage: Stage,
  effort: Effort,
): Promise<Pick<Results, 'repeats' | 'byConnections' | 'envelope' | 'startMs'>> => {
  await using stack = new AsyncDisposableStack();
  const keys = newKeys();
  const env = { PAYCOOLS_CALLBACK_PUBLIC_KEY: keys.publicKey };
  const server = stack.use(
    await startReceiver({ redisUrl: stage.redis.url, dataDir: stage.dataDir, env, name: 'alone' }),
  );
  const found = {
    repeats: await repeats(stage, server, effort),
    byConnections: await byConnections(stage, server, effort),
    envelope: await envelope(stage, server, keys, effort),
  };
  await stack.disposeAsync();
  return { ...found, startMs: await startMs(stage) };
};
