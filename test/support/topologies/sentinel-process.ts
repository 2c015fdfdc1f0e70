import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { findRedisBinary } from '../../../scripts/redis-binary.ts';
import { freePort } from '../../../scripts/redis-server.ts';
import { end, track } from '../children.ts';
import { until } from '../until.ts';
import { newDataDir } from './topology.ts';

/** A sentinel that watches one primary. */
export type SentinelProcess = AsyncDisposable & {
  readonly port: number;
  readonly admin: Redis;
};

export type SentinelOptions = {
  /** Name of the primary, as clients ask for it. */
  readonly name: string;
  readonly primaryPort: number;
  /** How many sentinels must agree that the primary is down. */
  readonly quorum: number;
  /** Password that its clients need. */
  readonly password?: string;
  /** More configuration. */
  readonly config?: Readonly<Record<string, string>>;
};

/** After this time without a reply a primary counts as down. */
const DOWN_AFTER_MS = 600;
const START_TIMEOUT_MS = 10_000;
const FAILOVER_TIMEOUT_MS = 2000;

const configOf = (port: number, dir: string, options: SentinelOptions): string => {
  const { name, primaryPort, quorum, password, config = {} } = options;
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    ...Object.entries(config).map(([setting, value]) => `${setting} ${value}`),
    `sentinel monitor ${name} 127.0.0.1 ${primaryPort} ${quorum}`,
    `sentinel down-after-milliseconds ${name} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${name} ${FAILOVER_TIMEOUT_MS}`,
    ...(password === undefined ? [] : [`requirepass ${password}`]),
    '',
  ].join('\n');
};

export const startSentinel = async (options: SentinelOptions): Promise<SentinelProcess> => {
  const port = await freePort();
  const dir = resolve(newDataDir('sentinel'));
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'sentinel.conf');
  writeFileSync(file, configOf(port, dir, options));
  const child = track(
    spawn(
      findRedisBinary(() => undefined),
      [file, '--sentinel'],
      { stdio: 'ignore', detached: true },
    ),
  );
  const { password } = options;
  const access = password === undefined ? {} : { password };
  const admin = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 50, ...access });
  admin.on('error', () => undefined);
  await until(async () => (await admin.ping()) === 'PONG', { what: 'a sentinel answers', timeoutMs: START_TIMEOUT_MS });
  const dispose = async (): Promise<void> => {
    admin.disconnect();
    await end(child, 'SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  return { port, admin, [Symbol.asyncDispose]: dispose };
};
