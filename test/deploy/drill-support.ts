import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { startRedis } from '../../scripts/redis-server.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ReceiverProcess } from '../support/receiver-process.ts';
import { SECRET, untilReady } from '../support/service.ts';
import { commandBlocks } from './commands.ts';

/** The commands in a section of docs/backup.md. */
export const backupCommands = (heading: string): string => commandBlocks('backup', heading).join('\n');

/** A Redis with its data in this folder. */
export const startRedisOn = async (dataDir: string, port?: number) => {
  const args = ['--aof-timestamp-enabled', 'yes'];
  const at = port === undefined ? {} : { port };
  return disposeWithTest(await startRedis({ dataDir, args, say: () => undefined, ...at }));
};

/** A receiver with a spool. Resolves when it is ready. */
export const startReceiver = async (
  url: string,
  more: Readonly<Record<string, string>> = { PAYCOOLS_CALLBACK_SECRET: SECRET },
): Promise<ReceiverProcess> => {
  const env = { REDIS_URL: url, SPOOL_DIR: resolve(temporaryFolder()), ...more };
  const receiver = disposeWithTest(await ReceiverProcess.start({ env }));
  await untilReady(receiver.opsUrl);
  return receiver;
};

/** Posts a callback about a payout, signed with the secret. Returns the status. */
export const sendPayout = async (
  { publicUrl }: ReceiverProcess,
  transactionId: string,
  secret?: string,
): Promise<number> =>
  (await post(`${publicUrl}/callbacks/payout`, sign(payoutFields({ transactionId }), secret))).status;

/** Counts the events waiting on the queue of payouts. */
export const countWaiting = async (url: string): Promise<number> => {
  const redis = new Redis(url, { lazyConnect: true });
  onTestFinished(() => redis.disconnect());
  await redis.connect();
  return redis.llen('paycools:{payout}:wait');
};

/** Whether redis-cli is installed, which the pages use. */
export const hasRedisCli = spawnSync('redis-cli', ['--version']).status === 0;
