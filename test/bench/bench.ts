// `npm run bench [-- --quick] [--memory MINUTES] [--backlog] [--scale] [--causes] [--parts]` compares the receiver with what
// a merchant would run instead, and writes test/bench/results.json and the figures of docs/performance.md.
// `npm run bench:check` compares with the committed results and writes nothing. These measure one thing only and write
// nothing either: `--hostile` (hostile bodies), `--receivers N` (N receivers on one Redis and on a cluster), and
// `--trees FOLDER,…` (receivers of other built trees, such as an earlier version; briefly with `--quick`).
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { check } from './suite/check.ts';
import { redisVersion } from './suite/redis-info.ts';
import { figures, scaleTable, treesTable, writeReport } from './suite/report.ts';
import { type Results, readResults, writeResults } from './suite/results.ts';
import { measureCauses } from './suite/sections/causes.ts';
import { compare, type Effort, probeFloors } from './suite/sections/compare.ts';
import { hostileTable, measureHostile } from './suite/sections/hostile.ts';
import { measureBacklog, watchMemory } from './suite/sections/long.ts';
import { measureParts } from './suite/sections/parts.ts';
import { measureReceiver } from './suite/sections/receiver-alone.ts';
import { measureScale } from './suite/sections/scale.ts';
import { compareTrees } from './suite/sections/trees.ts';
import { startReceiver } from './suite/server.ts';
import { openStage, type Stage } from './suite/stage.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    memory: { type: 'string' },
    backlog: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    causes: { type: 'boolean', default: false },
    parts: { type: 'boolean', default: false },
    hostile: { type: 'boolean', default: false },
    receivers: { type: 'string' },
    trees: { type: 'string' },
  },
});

const QUICK: Effort = { rounds: 3, seconds: 2, connections: 64 };
const FULL: Effort = { rounds: 9, seconds: 3, connections: 64 };
const GB = 1024 ** 3;

const describeMachine = async ({ admin }: Stage): Promise<Results['machine']> => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / GB),
  node: process.versions.node,
  redis: await redisVersion(admin),
});

const measureAll = async (): Promise<Results> => {
  await using stack = new AsyncDisposableStack();
  const stage = await openStage(stack);
  const effort = flags.quick || flags.check ? QUICK : FULL;
  const measured = {
    machine: await describeMachine(stage),
    ...effort,
    compared: await compare(stage, effort),
    ...(await probeFloors(stage, effort)),
    ...(await measureReceiver(stage, effort)),
  };
  const { memory, backlog, scale, causes, parts } = readResults();
  const half = measured.compared.receiver.perSecond / 2;
  const long = {
    memory: flags.memory === undefined ? memory : await watchMemory(stage, effort, Number(flags.memory)),
    backlog: flags.backlog ? await measureBacklog(stage, effort) : backlog,
    scale: flags.scale ? await measureScale(stage, QUICK) : scale,
    causes: flags.causes ? await measureCauses(stage, QUICK, half) : causes,
    parts: flags.parts ? await measureParts(stage, QUICK) : parts,
  };
  return { ...measured, ...Object.fromEntries(Object.entries(long).filter(([, value]) => value !== undefined)) };
};

const measureHostileBodies = async (): Promise<string> => {
  await using stack = new AsyncDisposableStack();
  const { redis, dataDir } = await openStage(stack);
  await using server = await startReceiver({ redisUrl: redis.url, dataDir, name: 'hostile' });
  return hostileTable(await measureHostile(server, { requests: 400, ordinary: 20_000 }));
};

const SHORT: Effort = { rounds: 1, seconds: 2, connections: 64 };

const measureReceivers = async (receivers: number): Promise<string> => {
  await using stack = new AsyncDisposableStack();
  return scaleTable(await measureScale(await openStage(stack), flags.quick ? SHORT : QUICK, receivers));
};

const measureTrees = async (trees: readonly string[]): Promise<string> => {
  await using stack = new AsyncDisposableStack();
  return treesTable(await compareTrees(await openStage(stack), trees, flags.quick ? QUICK : FULL));
};

/** The table of a measurement of one thing; null if everything should be measured. */
const measureOneThing = async (): Promise<string | null> => {
  if (flags.hostile) return measureHostileBodies();
  if (flags.trees !== undefined) return measureTrees(flags.trees.split(','));
  return flags.receivers === undefined ? null : measureReceivers(Number(flags.receivers));
};

if (!readFileSync('/proc/self/stat', 'utf8').startsWith(String(process.pid))) {
  throw new Error('processor time is read from /proc, which only Linux has');
}
const table = await measureOneThing();
if (table === null) {
  const results = await measureAll();
  console.log(figures(results));
  if (flags.check) process.exitCode = check(results) ? 0 : 1;
  else writeReport(writeResults(results));
} else console.log(table);
