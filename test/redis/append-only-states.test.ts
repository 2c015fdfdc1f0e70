import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort, type RedisServer, startRedis } from '../../scripts/redis-server.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const KEYS = 100;
/** How long a rewrite takes for each key, in microseconds. */
const SLOW = 50_000;
const NO_FILE = ['--appendonly', 'no', '--save', ''];
const CALLERS = 8;

const openRedis = async (port: number, dataDir: string, args: readonly string[] = []) => {
  const server = disposeWithTest(
    await startRedis({ port, dataDir, args: ['--save', '', ...args], say: () => undefined }),
  );
  const admin = new Redis(server.url);
  admin.on('error', () => undefined);
  onTestFinished(() => admin.disconnect());
  const children = (): string[] => {
    const pid = server.process.pid;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  };
  return { server, admin, children };
};

type Stage = Awaited<ReturnType<typeof openRedis>> & {
  /** Makes the service check Redis now. */
  readonly check: () => Promise<unknown>;
};

/** A rewrite that takes seconds. */
const slowDown = async ({ admin }: Stage): Promise<void> => {
  const pairs = Array.from({ length: KEYS }, (_, index) => [`filler-${index}`, 'x']).flat();
  await admin.mset(pairs);
  await admin.config('SET', 'rdb-key-save-delay', SLOW);
};

const switchTo = ({ admin }: Stage, value: 'yes' | 'no') => admin.config('SET', 'appendonly', value);

const failRewrites = async ({ children }: Stage): Promise<void> => {
  for (let round = 0; round < 5; round += 1) {
    for (const pid of children()) process.kill(Number(pid), 'SIGKILL');
    await sleep(150);
  }
};

const kill = async (server: RedisServer): Promise<void> => {
  server.process.kill('SIGKILL');
  await server[Symbol.asyncDispose]();
};

/** Posts numbered callbacks from several callers until it is stopped, and collects the numbers that were answered 200. */
const startPosting = (publicUrl: string) => {
  const acknowledged: string[] = [];
  const state = { next: 0, isStopped: false };
  const call = async (): Promise<void> => {
    while (!state.isStopped) {
      state.next += 1;
      const id = `D${state.next}`;
      const body = sign(payoutFields({ transactionId: id }));
      const answer = await post(`${publicUrl}/callbacks/payout`, body).catch(() => null);
      if (answer?.status === 200) acknowledged.push(id);
      await sleep(5);
    }
  };
  const calls = Array.from({ length: CALLERS }, call);
  const stop = async (): Promise<void> => {
    state.isStopped = true;
    await Promise.all(calls);
  };
  onTestFinished(stop);
  return { acknowledged, stop };
};

type Row = {
  readonly name: string;
  readonly args?: readonly string[];
  /** Runs before Redis is killed. */
  readonly happen: (stage: Stage) => Promise<void>;
  /** Whether Redis stores all callbacks meanwhile. */
  readonly isOpen: boolean;
};

const rows: readonly Row[] = [
  {
    name: 'was just switched on',
    args: NO_FILE,
    happen: async (stage) => {
      await slowDown(stage);
      await switchTo(stage, 'yes');
    },
    isOpen: false,
  },
  {
    name: 'was just switched on, and its first rewrite fails',
    args: NO_FILE,
    happen: async (stage) => {
      await slowDown(stage);
      await switchTo(stage, 'yes');
      await failRewrites(stage);
    },
    isOpen: false,
  },
  {
    name: 'was switched off and immediately on again',
    happen: async (stage) => {
      await slowDown(stage);
      await switchTo(stage, 'no');
      await switchTo(stage, 'yes');
    },
    isOpen: false,
  },
  { name: 'was switched off', happen: async (stage) => void (await switchTo(stage, 'no')), isOpen: false },
  {
    name: 'is being rewritten as usual',
    happen: async (stage) => {
      await slowDown(stage);
      await stage.check(); // a CONFIG SET just before a rewrite makes it look like a first one
      await stage.admin.bgrewriteaof();
    },
    isOpen: true,
  },
  {
    name: 'fails to be rewritten as usual',
    happen: async (stage) => {
      await slowDown(stage);
      await stage.check(); // a CONFIG SET just before a rewrite makes it look like a first one
      await stage.admin.bgrewriteaof();
      await failRewrites(stage);
    },
    isOpen: true,
  },
];

describe('no acknowledged callback is lost when Redis is killed', () => {
  it.each(rows)(
    'while its append-only file $name',
    async ({ args = [], happen, isOpen }) => {
      const [port, dataDir] = [await freePort(), temporaryFolder()];
      const redis = await openRedis(port, dataDir, args);
      const service = await startTestService({
        env: { REDIS_URL: redis.server.url, SPOOL_DIR: temporaryFolder() },
        waitsForReady: args.length === 0,
      });
      const metric = async (name: string): Promise<number> => {
        const text = await (await fetch(`${service.opsUrl}/metrics`)).text();
        return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]);
      };
      const { acknowledged, stop } = startPosting(service.publicUrl);
      await until(async () => acknowledged.length > 20, { what: 'some are acknowledged', timeoutMs: 5000 });
      await happen({ ...redis, check: () => fetch(`${service.opsUrl}/readyz`) });
      const before = acknowledged.length;
      await until(async () => acknowledged.length > before + 150, { what: 'more are acknowledged', timeoutMs: 10_000 });
      expect((await metric('paycools_spool_events')) === 0).toBe(isOpen);
      await kill(redis.server);
      await until(async () => acknowledged.length > before + 200, { what: 'others are spooled', timeoutMs: 10_000 });
      await stop();
      const again = await openRedis(port, dataDir);
      await until(async () => (await metric('paycools_spool_events')) === 0, { what: 'drained', timeoutMs: 15_000 });
      const events = await waitingEvents({ ...service.namespace, redis: again.admin }, 'payout');
      const stored = events.map(({ subject }) => subject);
      expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
      expect(new Set(stored).size).toBe(stored.length);
    },
    60_000,
  );
});
