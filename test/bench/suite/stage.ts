import { mkdirSync, rmSync } from 'node:fs';
import { Redis } from 'ioredis';
import { type RedisServer, startRedis } from '../../../scripts/redis-server.ts';
import { track } from '../../support/children.ts';
import { type Batch, FAMILIES } from './bodies.ts';
import { Load, type LoadResult, type LoadTask } from './load.ts';
import { processorMicros, residentBytes } from './processor.ts';
import type { Server } from './server.ts';

/** What the measurements share: one Redis, one load, and numbers that no body has had yet. */
export type Stage = {
  readonly dataDir: string;
  readonly redis: RedisServer;
  /** A client of the suite's own. */
  readonly admin: Redis;
  readonly load: Load;
  readonly say: (line: string) => void;
  /** Bodies that nobody has sent. */
  readonly fresh: (count: number, change?: Partial<Batch>) => Batch;
};

/** What one server did under one load. */
export type Sample = {
  readonly perSecond: number;
  /** Processor time of each callback, microseconds. */
  readonly serverMicros: number;
  readonly redisMicros: number;
  /** Bytes, at the end. */
  readonly resident: number;
  readonly result: LoadResult;
};

/** A rewrite of the append-only file would fall into some rounds and not into others. */
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

/** Callbacks before the first that counts: as many for everybody, however fast they are. */
export const WARM_UP = 20_000;

/** Longer than so few callbacks can take: the run ends when all of a batch are sent. */
export const ALL = { seconds: 120, rate: null, mayRepeat: false } as const;

const sum = (pids: readonly number[]): number => pids.reduce((total, pid) => total + processorMicros(pid), 0);

/** Puts servers under a load and reads what it cost. Anything but 200 is an error: nothing else is worth measuring. */
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
    throw new Error(`${servers[0]?.name}: ${result.failed} answers were not 200, ${result.answered} were`);
  }
  return {
    perSecond: result.answered / result.seconds,
    serverMicros: used.server / result.answered,
    redisMicros: used.redis / result.answered,
    resident: Math.max(...pids.map(residentBytes)),
    result,
  };
};
