import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { addDays, dayOf } from '../../src/core/day.ts';
import { APP_ID, clientOf, PRIVATE_KEY, sandboxWith } from '../sandbox/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { SECRET, untilReady } from '../support/service.ts';
import { until } from '../support/until.ts';
import { shell } from './commands.ts';
import { commandsOf, hasRedisCli, startOn, startReceiver, waiting } from './drill-support.ts';

const PAYOUTS = 60;

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
    let isDone = false;
    const writing = (async () => {
      for (let index = 0; !isDone; index += 1)
        await post(`${receiver.publicUrl}/callbacks/payout`, sign(payoutFields({ transactionId: `DURING${index}` })));
    })();
    await shell(commandsOf('Back up Redis while it runs'), env);
    isDone = true;
    await writing;
    await redis[Symbol.asyncDispose]();
    await shell(commandsOf('Restore Redis'), env);
    const restored = await startOn(dataDir, redis.port);
    expect(await waiting(restored.url)).toBeGreaterThanOrEqual(PAYOUTS);
  }, 60_000);

  it('restore the state of a moment, and then what was spooled', async () => {
    const dataDir = resolve(temporaryFolder());
    const redis = await startOn(dataDir);
    const receiver = await startReceiver(redis.url);
    const send = async (transactionId: string) => {
      const body = sign(payoutFields({ transactionId }));
      expect(await post(`${receiver.publicUrl}/callbacks/payout`, body)).toMatchObject({ status: 200 });
    };
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());
    await send('BEFORE');
    const seconds = async (): Promise<number> => Number((await client.time())[0]);
    const moment = await seconds();
    const isLater = async () => (await seconds()) > moment + 1;
    await until(isLater, { what: 'the moment has passed', timeoutMs: 5000 });
    await send('AFTER');
    expect(await waiting(redis.url)).toBe(2);
    client.disconnect();
    await redis[Symbol.asyncDispose]();
    await send('SPOOLED');
    await shell(commandsOf('Restore the state of a moment'), { REDIS_DATA: dataDir, MOMENT: String(moment) });
    const restored = await startOn(dataDir, redis.port);
    await untilReady(receiver.opsUrl);
    const isDrained = async () => (await receiver.metric('paycools_spool_events')) === 0;
    await until(isDrained, { what: 'the spool is empty', timeoutMs: 15_000 });
    const reader = new Redis(restored.url);
    onTestFinished(() => reader.disconnect());
    const jobs = (await reader.lrange('paycools:{payout}:wait', 0, -1)).map((id) =>
      reader.hget(`paycools:{payout}:${id}`, 'data'),
    );
    const transactions = (await Promise.all(jobs)).map((data) => JSON.parse(data ?? '').data.transactionId);
    expect(transactions.toSorted()).toEqual(['BEFORE', 'SPOOLED']);
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
