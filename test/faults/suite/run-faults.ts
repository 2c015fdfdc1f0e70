import { mkdirSync, rmSync } from 'node:fs';
import { ReceiverProcess } from '../../support/receiver-process.ts';
import { newDataDir, type Topology } from '../../support/topologies/topology.ts';
import { until } from '../../support/until.ts';
import { check } from './check.ts';
import type { FaultKind } from './faults.ts';
import { Generator } from './generator.ts';
import { Injector } from './injector.ts';
import { CALLBACK_SECRET, createNumbering } from './numbered.ts';
import { Poster } from './poster.ts';
import { createRandom } from './random.ts';
import { createReceiverClock } from './receiver-clock.ts';
import { createReceiverNames } from './receiver-names.ts';
import type { Report } from './report.ts';
import { type Scenario, type ScenarioName, scenarios } from './scenarios.ts';
import { readQueues, readSpool, type Stored } from './stock.ts';

export type RunOptions = {
  readonly scenario: ScenarioName;
  /** Decides how long faults last, and which callbacks are sent twice. */
  readonly seed: number;
  /** Minimum number of callbacks to send; sending continues as long as faults do. */
  readonly callbacks: number;
  /** The faults, in order. */
  readonly faults: readonly FaultKind[];
  /** Maximum number of requests per second. */
  readonly rate?: number;
  /** How long faults last, in milliseconds. */
  readonly lastsMs?: { readonly low: number; readonly high: number };
  /** Environment of the receiver, in addition to that of the scenario. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder with the sources of the receiver; mutations have their own. */
  readonly source?: string;
  readonly onProgress?: (state: { readonly posted: number; readonly faults: number }) => void;
};

const ENQUEUE_TIMEOUT_MS = 300;
/** How much longer than the enqueue deadline a caller may wait, in milliseconds: a sync of the spool on two shared cores. */
const MORE_WAIT_MS = 1500;
const DRAIN_LIMIT_MS = 60_000;
const CONNECTIONS = 24;
const PATIENCE_MS = 10_000;
const PREFIX = 'faults';
const RATE = 400;
const LASTS_MS = { low: 300, high: 1200 };
const PROGRESS_MS = 1000;

type Run = {
  readonly options: RunOptions;
  readonly topology: Topology;
  readonly receiver: ReceiverProcess;
  readonly spoolDir: string;
  readonly generator: Generator;
  readonly injector: Injector;
};

const openFolder = (stack: AsyncDisposableStack, name: string): string => {
  const path = newDataDir(name);
  mkdirSync(path, { recursive: true });
  stack.defer(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const startReceiver = async (
  stack: AsyncDisposableStack,
  options: RunOptions,
  set: Readonly<Record<string, string>>,
) => {
  const clock = createReceiverClock(openFolder(stack, 'clock'));
  const names = createReceiverNames(openFolder(stack, 'names'));
  const { REDIS_URL = '', ...others } = set;
  const env = {
    PAYCOOLS_CALLBACK_SECRET: CALLBACK_SECRET,
    QUEUE_PREFIX: PREFIX,
    ENQUEUE_TIMEOUT_MS: String(ENQUEUE_TIMEOUT_MS),
    // Only a Redis behind a single proxy can move to another address.
    REDIS_URL: REDIS_URL.startsWith('redis://') ? names.urlOf(REDIS_URL) : REDIS_URL,
    ...others,
    ...clock.env,
    ...names.env,
    ...options.env,
  };
  const { source = 'src' } = options;
  const nodeArgs = [...clock.nodeArgs, ...names.nodeArgs];
  return { receiver: stack.use(await ReceiverProcess.start({ env, source, nodeArgs })), clock, names };
};

const open = async (stack: AsyncDisposableStack, options: RunOptions): Promise<Run> => {
  const { seed, scenario: name, rate = RATE, lastsMs = LASTS_MS } = options;
  const scenario: Scenario = scenarios[name];
  const spoolDir = openFolder(stack, 'spool');
  const disk = scenario.mount === undefined ? null : stack.use(scenario.mount(spoolDir));
  const topology = stack.use(await scenario.open());
  const env = { REDIS_URL: topology.url, SPOOL_DIR: spoolDir, ...topology.env, ...scenario.env };
  const { receiver, clock, names } = await startReceiver(stack, options, env);
  const url = `${receiver.publicUrl}/callbacks/payout`;
  const poster = stack.use(new Poster({ url, connections: CONNECTIONS, patienceMs: PATIENCE_MS }));
  const numbering = createNumbering(seed);
  // Two random generators, so that the faults of a seed do not depend on how fast callbacks are answered.
  const generator = new Generator({
    poster,
    numbering,
    random: createRandom(seed + 1),
    isStopping: () => receiver.isStopping,
    rate,
    connections: CONNECTIONS,
  });
  const world = { topology, receiver, generator, clock, names, disk, random: createRandom(seed) };
  await receiver.untilReady(DRAIN_LIMIT_MS);
  return { options, topology, receiver, spoolDir, generator, injector: new Injector({ world, lastsMs }) };
};

const attack = async ({ options, generator, injector }: Run): Promise<void> => {
  const { callbacks, onProgress } = options;
  const tell = (): void => onProgress?.({ posted: generator.count, faults: injector.count });
  const telling = setInterval(tell, PROGRESS_MS);
  try {
    const isHopeless = (): boolean => injector.late.length > 0;
    const isEnough = (): boolean => injector.isDone && (generator.count >= callbacks || isHopeless());
    await Promise.all([generator.run(isEnough), injector.run(options.faults)]);
  } finally {
    clearInterval(telling);
    tell();
  }
};

/** Waits until the spool is drained, ends the receiver, and reads everything that is stored. */
const takeStock = async ({ receiver, topology, spoolDir }: Run): Promise<{ stored: Stored[]; problems: string[] }> => {
  const problems: string[] = [];
  const isDrained = async (): Promise<boolean> =>
    (await receiver.isReady()) && ((await receiver.metric('paycools_spool_events')) ?? 0) === 0;
  await until(isDrained, { what: 'the spool is drained', timeoutMs: DRAIN_LIMIT_MS }).catch((error: Error) => {
    problems.push(error.message);
  });
  const code = await receiver.terminate();
  if (code !== 0) problems.push(`SIGTERM ended the receiver with ${code}`);
  problems.push(...receiver.unexpectedExits.map((exit) => `the receiver ended by itself: ${exit}`));
  const client = await topology.connect();
  const queued = await readQueues(client, PREFIX);
  client.disconnect();
  return { stored: [...queued, ...readSpool(spoolDir)], problems };
};

const countAnswers = ({ generator: { answers } }: Run) => {
  const all = answers.flat();
  const accepted = answers.filter((given) => given?.includes(200)).length;
  return {
    accepted,
    duplicates: all.filter((answer) => answer === 200).length - accepted,
    unavailable: all.filter((answer) => answer === 503).length,
    unanswered: all.filter((answer) => typeof answer === 'string').length,
  };
};

/** Answers that were too slow, or refused without need. */
const refusals = ({ options, generator }: Run, unavailable: number): string[] => {
  const limitMs = Number(options.env?.['ENQUEUE_TIMEOUT_MS'] ?? ENQUEUE_TIMEOUT_MS) + MORE_WAIT_MS;
  const waitedMs = Math.round(generator.maxWaitMs);
  const { isRoomy = false }: Scenario = scenarios[options.scenario];
  return [
    ...(waitedMs > limitMs ? [`a caller waited ${waitedMs} ms, more than ${limitMs} ms`] : []),
    ...(isRoomy && unavailable > 0 ? [`${unavailable} answers were 503 although the spool had room`] : []),
  ];
};

/** Runs callbacks and faults against a real receiver and a real Redis, and compares the outcome with the promises. */
export const runFaults = async (options: RunOptions): Promise<Report> => {
  const started = performance.now();
  await using stack = new AsyncDisposableStack();
  const run = await open(stack, options);
  const { generator, injector } = run;
  await attack(run);
  const { stored, problems } = await takeStock(run);
  const { answers, forgeries, maxWaitMs } = generator;
  const counts = countAnswers(run);
  const { violations, ...verdict } = check({ numbering: createNumbering(options.seed), answers, forgeries, stored });
  return {
    scenario: options.scenario,
    seed: options.seed,
    posted: generator.count,
    requests: generator.requests,
    ...counts,
    forgeries: forgeries.length,
    faults: injector.times,
    mostSpooled: injector.mostSpooled,
    ...verdict,
    maxWaitMs,
    recoveryMs: injector.recoveryMs,
    seconds: (performance.now() - started) / 1000,
    violations: [...violations, ...injector.late, ...problems, ...refusals(run, counts.unavailable)],
  };
};
