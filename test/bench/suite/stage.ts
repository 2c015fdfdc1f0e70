import { mkdirSync, rmSync } from 'node:fs';
import { Redis } from 'ioredis';
import { type RedisServer, startRedis } from '../../../scripts/redis-server.ts';
import { track } from '../../support/children.ts';
import { type Batch, FAMILIES } from './bodies.ts';
import { Load, type LoadResult, type LoadTask } from './load.ts';
import { processorMicros, residentBytes } from './processor.ts';
import type { Server } from './server.ts';

/** What the measurements share: one Redis, one load, and numbers for bodies. */
export type Stage = {
  readonly dataDir: string;
  readonly redis: RedisServer;
  /** The suite's client. */
  readonly admin: Redis;
  readonly load: Load;
  readonly say: (line: string) => void;
  /** Numbers that bodies have not had yet. */
  readonly fresh: (count: number, change?: Partial<Batch>) => Batch;
};

/** The result of one load on one or more servers. */
export type Sample = {
  readonly perSecond: number;
  /** Processor time per callback, in microseconds. */
  readonly serverMicros: number;
  readonly redisMicros: number;
  /** Memory at the end, in bytes. */
  readonly resident: number;
  readonly result: LoadResult;
};

/** A rewrite of the append-only file would disturb some rounds and not others. */
const REDIS_ARGS = ['--auto-aof-rewrite-percentage', '0'];

export const openRedis = async (stack: AsyncDisposableStack, dataDir: string): Promise<RedisServer> => {
  const redis = stack.use(await startRedis({ dataDir, say: console.error, args: REDIS_ARGS }));
  track(redis.process);
  return redis;
};

let next = 0;

const fresh: Stage['fresh'] = (count, change = {}) => {
  const first = next;
  next += count;
  return { first, count, privateKey: null, families: FAMILIES, ...change };
};

export const openStage = async (stack: AsyncDisposableStack): Promise<Stage> => {
  const dataDir = `.data/bench-${process.pid}`;
  mkdirSync(dataDir, { recursive: true });
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const redis = await openRedis(stack, `${dataDir}/redis`);
  const admin = new Redis(redis.url);
  stack.defer(() => admin.disconnect());
  const load = stack.use(new Load());
  return { dataDir, redis, admin, load, say: console.error, fresh };
};

/** More callbacks per second than a receiver handles. */
export const BODIES_PER_SECOND = 20_000;

/** Sends as many requests as are answered. */
export const SATURATE = { rate: null, mayRepeat: false } as const;

/** Sends a whole batch, for which 120 seconds are plenty. */
export const WHOLE_BATCH = { ...SATURATE, seconds: 120 } as const;

const WARM_UP = 20_000;

/** Sends the same callbacks to each server, so that what Node.js has compiled does not depend on their speed. */
export const warmUp = async (
  { fresh, ...stage }: Pick<Stage, 'fresh' | 'load' | 'redis'>,
  servers: Iterable<Server>,
  connections: number,
): Promise<void> => {
  const batch = fresh(WARM_UP);
  for (const server of servers) await measure(stage, [server], { ...WHOLE_BATCH, batch, connections });
};

const sum = (pids: readonly number[]): number => pids.reduce((total, pid) => total + processorMicros(pid), 0);

/** Puts servers under a load and reads its cost. Any reply but 200 is an error. */
export const measure = async (
  { load, redis }: Pick<Stage, 'load' | 'redis'>,
  servers: readonly Server[],
  task: Omit<LoadTask, 'ports'> & { readonly redisPids?: readonly number[] },
): Promise<Sample> => {
  const { redisPids = [redis.process.pid ?? 0], ...rest } = task;
  const pids = servers.map(({ pid }) => pid);
  const used = { server: 0, redis: 0 };
  const result = await load.run(
    { ...rest, ports: servers.map(({ port }) => port) },
    {
      before: () => {
        used.server = -sum(pids);
        used.redis = -sum(redisPids);
      },
      after: () => {
        used.server += sum(pids);
        used.redis += sum(redisPids);
      },
    },
  );
  if (result.failed > 0 || result.answered === 0) {
    throw new Error(`${servers[0]?.name}: ${result.failed} replies were not 200, ${result.answered} were`);
  }
  return {
    perSecond: result.answered / result.seconds,
    serverMicros: used.server / result.answered,
    redisMicros: used.redis / result.answered,
    resident: Math.max(...pids.map(residentBytes)),
    result,
  };
};
