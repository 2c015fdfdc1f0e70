import { generateKeyPairSync } from 'node:crypto';
import { openProbe } from '../probe.ts';
import { usedMemory } from '../redis-info.ts';
import type { Results } from '../results.ts';
import { type Server, startReceiver } from '../server.ts';
import { measure, SATURATE, type Sample, type Stage, WHOLE_BATCH } from '../stage.ts';
import { median, medianOf } from '../statistics.ts';
import type { Effort } from './compare.ts';

const CALLBACKS = 10_000;
const ENVELOPES = 4000;
/** Envelopes before the measurement, until the code that only they need is compiled. */
const ENVELOPES_BEFORE = 16_000;
const STARTS = 5;
const CONNECTIONS = [16, 64, 256, 1024];

const micros = ({ serverMicros, redisMicros }: Sample): number => serverMicros + redisMicros;

/** New callbacks compared with their duplicates. */
const measureRepeats = async (
  stage: Stage,
  server: Server,
  { rounds, connections }: Effort,
): Promise<Results['repeats']> => {
  const first: Sample[] = [];
  const second: Sample[] = [];
  const bytes: { readonly queued: number; readonly deduplicated: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const batch = stage.fresh(CALLBACKS);
    const empty = await usedMemory(stage.admin);
    first.push(await measure(stage, [server], { ...WHOLE_BATCH, batch, connections }));
    const queued = await usedMemory(stage.admin);
    second.push(await measure(stage, [server], { ...WHOLE_BATCH, batch, connections }));
    const deduplicated = await usedMemory(stage.admin);
    bytes.push({ queued: (queued - empty) / CALLBACKS, deduplicated: (deduplicated - queued) / CALLBACKS });
  }
  return {
    newPerSecond: medianOf(first.slice(1), ({ perSecond }) => perSecond),
    duplicatePerSecond: medianOf(second.slice(1), ({ perSecond }) => perSecond),
    newMicros: medianOf(first.slice(1), micros),
    duplicateMicros: medianOf(second.slice(1), micros),
    queuedBytes: medianOf(bytes, ({ queued }) => queued),
    deduplicatedBytes: medianOf(bytes, ({ deduplicated }) => deduplicated),
  };
};

const measureByConnections = async (
  stage: Stage,
  server: Server,
  { rounds, seconds }: Effort,
): Promise<Results['byConnections']> => {
  const found = new Map<number, number[]>(CONNECTIONS.map((connections) => [connections, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const connections of CONNECTIONS) {
      const batch = stage.fresh(CALLBACKS * 2 * seconds);
      const sample = await measure(stage, [server], { ...SATURATE, batch, connections, seconds });
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

/** Envelopes compared with flat bodies and with the check of an RSA signature alone. */
const measureEnvelopes = async (
  stage: Stage,
  server: Server,
  keys: Keys,
  { rounds, connections }: Effort,
): Promise<Results['envelope']> => {
  await using probe = openProbe();
  const before = stage.fresh(ENVELOPES_BEFORE, { privateKey: keys.privateKey });
  await measure(stage, [server], { ...WHOLE_BATCH, batch: before, connections });
  const found: { readonly flat: number; readonly envelope: number; readonly check: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const flat = await measure(stage, [server], { ...WHOLE_BATCH, batch: stage.fresh(ENVELOPES), connections });
    const batch = stage.fresh(ENVELOPES, { privateKey: keys.privateKey });
    const enveloped = await measure(stage, [server], { ...WHOLE_BATCH, batch, connections });
    const checked = { ...batch, count: ENVELOPES / 4 };
    const check = await probe.run({ kind: 'rsa', batch: checked, publicKey: keys.publicKey });
    if (round >= 0) found.push({ flat: flat.serverMicros, envelope: enveloped.serverMicros, check });
  }
  return {
    flatMicros: medianOf(found, ({ flat }) => flat),
    envelopeMicros: medianOf(found, (it) => it.envelope),
    checkMicros: medianOf(found, ({ check }) => check),
  };
};

const measureStart = async ({ redis, dataDir }: Stage): Promise<number> => {
  const times: number[] = [];
  for (let index = 0; index < STARTS; index += 1) {
    await using server = await startReceiver({ redisUrl: redis.url, dataDir, name: `start-${index}` });
    times.push(server.startMs);
  }
  return median(times);
};

/** Measurements of the receiver without its peers. */
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
    repeats: await measureRepeats(stage, server, effort),
    byConnections: await measureByConnections(stage, server, effort),
    envelope: await measureEnvelopes(stage, server, keys, effort),
  };
  await stack.disposeAsync();
  return { ...found, startMs: await measureStart(stage) };
};
