import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../bench/suite/processor.ts';
import { imageFlags } from '../bench/suite/server.ts';
import { payoutFields, sign } from '../support/callback.ts';
import { ReceiverProcess } from '../support/receiver-process.ts';
import { SECRET } from '../support/service.ts';
import { openSingle } from '../support/topologies/open-single.ts';
import { attackersWith } from './attackers.ts';

export type SoakOptions = { readonly seconds: number; readonly perSecond: number };

export type SoakReport = {
  readonly sent: number;
  /** Genuine callbacks that did not get 200, or are not on the queue. */
  readonly lost: number;
  /** Number of replies by status; status 0 for broken connections. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Latency of genuine callbacks, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Resident memory after a fifth of the time and at the end, in megabytes. */
  readonly memory: readonly [early: number, late: number];
  readonly exitCode: number | null;
};

const PREFIX = 'soak';
const MB = 1024 ** 2;

type Answer = { readonly status: number; readonly ms: number };

const postGenuine = (port: number, agent: Agent, body: string): Promise<Answer> =>
  new Promise((resolve) => {
    const started = performance.now();
    const done = (status: number): void => resolve({ status, ms: performance.now() - started });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sending = request({ port, agent, method: 'POST', path: '/callbacks/payout', headers }, (reply) => {
      reply.resume();
      reply.on('end', () => done(reply.statusCode ?? 0));
    });
    sending.on('error', () => done(0));
    sending.end(body);
  });

/** Sends genuine callbacks at a steady rate, without waiting for replies. */
const sendSteadily = async (port: number, { seconds, perSecond }: SoakOptions): Promise<readonly Answer[]> => {
  const agent = new Agent({ keepAlive: true });
  const started = performance.now();
  const answers: Promise<Answer>[] = [];
  for (let index = 0; index < seconds * perSecond; index += 1) {
    answers.push(postGenuine(port, agent, sign(payoutFields({ transactionId: `SOAK${index}` }))));
    await sleep(Math.max(0, started + ((index + 1) * 1000) / perSecond - performance.now()));
  }
  const all = await Promise.all(answers);
  agent.destroy();
  return all;
};

const percentile = (sorted: readonly number[], part: number): number => sorted[Math.floor(sorted.length * part)] ?? 0;

/** Runs all hostile clients at once, beside genuine callbacks at a steady rate. */
export const soak = async (options: SoakOptions): Promise<SoakReport> => {
  const folder = mkdtempSync('.data/soak-');
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true }));
  const topology = stack.use(await openSingle());
  const env = {
    PAYCOOLS_CALLBACK_SECRET: SECRET,
    QUEUE_PREFIX: PREFIX,
    REDIS_URL: topology.url,
    SPOOL_DIR: folder,
    MAX_CONNECTIONS: '500',
    ...topology.env,
  };
  const receiver = stack.use(await ReceiverProcess.start({ env, nodeArgs: imageFlags() }));
  await receiver.untilReady(10_000);
  const port = Number(new URL(receiver.publicUrl).port);
  const ending = new AbortController();
  const captured = sign(payoutFields({ transactionId: 'CAPTURED' }));
  const attacks = attackersWith(captured).map((attack) => attack({ port, signal: ending.signal }));
  const early = sleep(options.seconds * 200).then(() => residentBytes(receiver.pid) / MB);
  const answers = await sendSteadily(port, options);
  const memory = [await early, residentBytes(receiver.pid) / MB] as const;
  ending.abort();
  await Promise.all(attacks);
  await receiver.untilDrained(60_000);
  const client = await topology.connect();
  const jobs = await client.lrange(`${PREFIX}:{payout}:wait`, 0, -1);
  client.disconnect();
  const times = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const exitCode = await receiver.terminate();
  const refused = answers.filter(({ status }) => status !== 200).length;
  const stored = new Set(jobs).size - 1; // the captured one is on the queue as well, once
  const lost = Math.max(refused, answers.length - stored);
  const statuses = Object.fromEntries(
    [0, 200, 503].map((it) => [it, answers.filter(({ status }) => status === it).length]),
  );
  return {
    sent: answers.length,
    lost,
    statuses,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    memory,
    exitCode,
  };
};
