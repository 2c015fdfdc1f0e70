import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort, startRedis } from '../../scripts/redis-server.ts';
import { addDays, dayOf } from '../../src/core/day.ts';
import { APP_ID, clientOf, PRIVATE_KEY, sandboxWith } from '../sandbox/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ReceiverProcess } from '../support/receiver-process.ts';
import { SECRET, untilReady } from '../support/service.ts';
import { until } from '../support/until.ts';

const PAYOUTS = 60;

/** The commands of a section of docs/backup.md. */
const commandsOf = (heading: string): string => {
  const [, rest = ''] = readFileSync('docs/backup.md', 'utf8').split(`## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block).join('\n');
};

/** Runs commands as a person would; the sandbox of this process must keep answering meanwhile. */
const shell = async (script: string, env: Readonly<Record<string, string>>): Promise<string> => {
  const { stdout } = await promisify(execFile)('sh', ['-euc', script], { env: { ...process.env, ...env } });
  return stdout;
};

/** A Redis whose data are in this folder. */
const startOn = async (dataDir: string, port?: number) => {
  const redis = await startRedis({ dataDir, say: () => undefined, ...(port === undefined ? {} : { port }) });
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return redis;
};

const startReceiver = async (url: string): Promise<ReceiverProcess> => {
  const env = { REDIS_URL: url, PAYCOOLS_CALLBACK_SECRET: SECRET, SPOOL_DIR: resolve(temporaryFolder()) };
  const receiver = await ReceiverProcess.start({ env });
  onTestFinished(() => receiver[Symbol.asyncDispose]());
  await untilReady(receiver.opsUrl);
  return receiver;
};

const waiting = async (url: string): Promise<number> => {
  const redis = new Redis(url, { lazyConnect: true });
  onTestFinished(() => redis.disconnect());
  await redis.connect();
  return redis.llen('paycools:{payout}:wait');
};

const hasRedisCli = spawnSync('redis-cli', ['--version']).status === 0;

describe.runIf(hasRedisCli)('the drills of docs/backup.md (run where redis-cli is)', () => {
  it('restore every event of a backup that was made while Redis ran', async () => {
    const dataDir = resolve(temporaryFolder());
    const redis = await startOn(dataDir);
    const receiver = await startReceiver(redis.url);
    for (let index = 0; index < PAYOUTS; index += 1) {
      const body = sign(payoutFields({ transactionId: `DRILL${index}` }));
      expect(await post(`${receiver.publicUrl}/callbacks/payout`, body)).toMatchObject({ status: 200 });
    }
    const env = { REDIS_URL: redis.url, REDIS_DATA: dataDir, BACKUP: resolve(temporaryFolder(), 'redis.tar.gz') };
    await shell(commandsOf('Back up Redis while it runs'), env);
    await redis[Symbol.asyncDispose]();
    await shell(commandsOf('Restore Redis'), env);
    const restored = await startOn(dataDir, redis.port);
    expect(await waiting(restored.url)).toBe(PAYOUTS);
  }, 60_000);

  it('bring every payout back by reconciliation when Redis is lost', async () => {
    const port = await freePort();
    const redis = await startOn(resolve(temporaryFolder()), port);
    const receiver = await startReceiver(redis.url);
    const sandbox = await sandboxWith({
      callbackSecret: SECRET,
      callbackUrl: `${receiver.publicUrl}/callbacks`,
      enveloped: [],
    });
    onTestFinished(() => sandbox[Symbol.asyncDispose]());
    const client = clientOf(sandbox.url);
    for (let index = 0; index < PAYOUTS; index += 1) {
      const order = `LOST${String(index).padStart(8, '0')}`;
      const account = {
        accountNo: '09171234567',
        accountName: 'Juan',
        payMethodCode: 'EWALLET',
        ewalletCode: 'GCASH',
      } as const;
      await client.payout.create({ mchOrderId: order, idempotencyId: order, amount: 10_000 + index * 100, ...account });
    }
    await sandbox.settled();
    await until(async () => (await waiting(redis.url)) === PAYOUTS, {
      what: 'every payout on its queue',
      timeoutMs: 10_000,
    });

    await redis[Symbol.asyncDispose]();
    const empty = await startOn(resolve(temporaryFolder()), port);
    await untilReady(receiver.opsUrl);
    const today = dayOf(Date.now(), 'Asia/Manila');
    const env = {
      FROM: addDays(today, -1),
      TO: today,
      REDIS_URL: empty.url,
      PAYCOOLS_CALLBACK_SECRET: SECRET,
      PAYCOOLS_BASE_URL: sandbox.url,
      PAYCOOLS_APP_ID: APP_ID,
      PAYCOOLS_PRIVATE_KEY: PRIVATE_KEY,
      RECONCILE_RATE: '100',
    };
    const script = commandsOf('Redis is lost, and there is no backup');
    const printed = await shell(`paycools() { "${process.execPath}" src/cli/main.ts "$@"; }\n${script}`, env);
    expect(printed).toContain(String(PAYOUTS));
    expect(await waiting(empty.url)).toBe(PAYOUTS);
  }, 60_000);
});
