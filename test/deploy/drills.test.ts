import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { addDays, dayOf } from '../../src/core/day.ts';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { SECRET, untilReady } from '../support/service.ts';
import { until } from '../support/until.ts';
import { shell } from './commands.ts';
import { backupCommands, countWaiting, hasRedisCli, sendPayout, startReceiver, startRedisOn } from './drill-support.ts';

const PAYOUTS = 60;

describe.runIf(hasRedisCli)('the drills of docs/backup.md (run where redis-cli is installed)', () => {
  it('restore every event of a backup that was made while Redis ran', async () => {
    const dataDir = resolve(temporaryFolder());
    const redis = await startRedisOn(dataDir);
    const receiver = await startReceiver(redis.url);
    for (let index = 0; index < PAYOUTS; index += 1) {
      expect(await sendPayout(receiver, `DRILL${index}`)).toBe(200);
    }
    const env = { REDIS_URL: redis.url, REDIS_DATA: dataDir, BACKUP: resolve(temporaryFolder(), 'redis.tar.gz') };
    let isDone = false;
    const writing = (async () => {
      for (let index = 0; !isDone; index += 1) await sendPayout(receiver, `DURING${index}`);
    })();
    await shell(backupCommands('Back up Redis while it runs'), env);
    isDone = true;
    await writing;
    await redis[Symbol.asyncDispose]();
    await shell(backupCommands('Restore Redis'), env);
    const restored = await startRedisOn(dataDir, redis.port);
    expect(await countWaiting(restored.url)).toBeGreaterThanOrEqual(PAYOUTS);
  }, 60_000);

  it('restore the state of a moment, then the spooled callbacks', async () => {
    const dataDir = resolve(temporaryFolder());
    const redis = await startRedisOn(dataDir);
    const receiver = await startReceiver(redis.url);
    const send = async (transactionId: string) => expect(await sendPayout(receiver, transactionId)).toBe(200);
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());
    await send('BEFORE');
    const seconds = async (): Promise<number> => Number((await client.time())[0]);
    const moment = await seconds();
    const isLater = async () => (await seconds()) > moment + 1;
    await until(isLater, { what: 'the moment has passed', timeoutMs: 5000 });
    await send('AFTER');
    expect(await countWaiting(redis.url)).toBe(2);
    client.disconnect();
    await redis[Symbol.asyncDispose]();
    await send('SPOOLED');
    await shell(backupCommands('Restore the state of a moment'), { REDIS_DATA: dataDir, MOMENT: String(moment) });
    const restored = await startRedisOn(dataDir, redis.port);
    await untilReady(receiver.opsUrl);
    await receiver.untilDrained(15_000);
    const reader = new Redis(restored.url);
    onTestFinished(() => reader.disconnect());
    const jobs = (await reader.lrange('paycools:{payout}:wait', 0, -1)).map((id) =>
      reader.hget(`paycools:{payout}:${id}`, 'data'),
    );
    const transactions = (await Promise.all(jobs)).map((data) => JSON.parse(data ?? '').data.transactionId);
    expect(transactions.toSorted()).toEqual(['BEFORE', 'SPOOLED']);
  }, 60_000);

  it('bring back every payout by reconciliation when Redis is lost', async () => {
    const port = await freePort();
    const redis = await startRedisOn(temporaryFolder(), port);
    const receiver = await startReceiver(redis.url);
    const callbackUrl = `${receiver.publicUrl}/callbacks`;
    const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET, callbackUrl, enveloped: [] }));
    const client = clientOf(sandbox.url);
    for (let index = 0; index < PAYOUTS; index += 1) await client.payout.create(payoutOf(10_000 + index * 100));
    await sandbox.settled();
    const areQueued = async () => (await countWaiting(redis.url)) === PAYOUTS;
    await until(areQueued, { what: 'every payout is on its queue', timeoutMs: 10_000 });

    await redis[Symbol.asyncDispose]();
    const empty = await startRedisOn(temporaryFolder(), port);
    await untilReady(receiver.opsUrl);
    const today = dayOf(Date.now(), 'Asia/Manila');
    const env = {
      FROM: addDays(today, -1),
      TO: today,
      REDIS_URL: empty.url,
      PAYCOOLS_CALLBACK_SECRET: SECRET,
      ...apiEnv(sandbox.url),
      RECONCILE_RATE: '100',
    };
    const script = backupCommands('Redis is lost, and there is no backup');
    const printed = await shell(`paycools() { "${process.execPath}" src/cli/main.ts "$@"; }\n${script}`, env);
    expect(printed).toContain(String(PAYOUTS));
    expect(await countWaiting(empty.url)).toBe(PAYOUTS);
  }, 60_000);
});
