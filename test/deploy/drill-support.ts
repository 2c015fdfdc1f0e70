import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { startRedis } from '../../scripts/redis-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ReceiverProcess } from '../support/receiver-process.ts';
import { SECRET, untilReady } from '../support/service.ts';
import { blocksOf } from './commands.ts';

/** The commands of a section of docs/backup.md. */
export const commandsOf = (heading: string): string => blocksOf('backup', heading).join('\n');

/** A Redis whose data are in this folder. */
export const startOn = async (dataDir: string, port?: number) => {
  const args = ['--aof-timestamp-enabled', 'yes'];
  const redis = await startRedis({ dataDir, args, say: () => undefined, ...(port === undefined ? {} : { port }) });
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return redis;
};

/** A receiver with a spool, that is ready. */
export const startReceiver = async (
  url: string,
  more: Readonly<Record<string, string>> = { PAYCOOLS_CALLBACK_SECRET: SECRET },
): Promise<ReceiverProcess> => {
  const env = { REDIS_URL: url, SPOOL_DIR: resolve(temporaryFolder()), ...more };
  const receiver = await ReceiverProcess.start({ env });
  onTestFinished(() => receiver[Symbol.asyncDispose]());
  await untilReady(receiver.opsUrl);
  return receiver;
};

/** How many events wait on the queue of payouts. */
export const waiting = async (url: string): Promise<number> => {
  const redis = new Redis(url, { lazyConnect: true });
  onTestFinished(() => redis.disconnect());
  await redis.connect();
  return redis.llen('paycools:{payout}:wait');
};

/** The commands of the page are those of redis-cli. */
export const hasRedisCli = spawnSync('redis-cli', ['--version']).status === 0;
