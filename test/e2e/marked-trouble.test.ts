import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../../scripts/redis-server.ts';
import { payoutFields } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { leaksIn, outcomesIn, PERSONAL, SECRETS, signMarked, startMarked } from '../support/marked.ts';
import { runService } from '../support/process.ts';

const payout = payoutFields();

const ownRedis = async (...args: string[]) => {
  const redis = await startRedis({ dataDir: temporaryFolder(), say: () => undefined, args });
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return redis;
};

/** A Redis with a user of the service that may not do some things; gives the service's address of it. */
const restrictedRedis = async (rule: string): Promise<string> => {
  const redis = await ownRedis();
  const admin = new Redis(redis.url);
  await admin.call(
    'ACL',
    'SETUSER',
    'service',
    'on',
    `>${SECRETS.redisPassword}`,
    '~*',
    '&*',
    '+@all',
    ...rule.split(' '),
  );
  admin.disconnect();
  return redis.url.replace('//', `//service:${SECRETS.redisPassword}@`);
};

const metric = async (opsUrl: string, name: string): Promise<string | undefined> =>
  new RegExp(`^${name} (.*)`, 'm').exec(await (await fetch(`${opsUrl}/metrics`)).text())?.[1];

const spool = (): Record<string, string> => ({ SPOOL_DIR: join(temporaryFolder(), 'spool') });

describe('secrets and personal data', () => {
  it.each([
    ['may not run scripts', '-evalsha -eval', true],
    ['may not touch the queues', 'resetkeys ~*:ledger*', true],
    ['may not read the configuration', '-config -info', false],
  ])('are written nowhere where the service %s in Redis', async (_name, rule, waitsForReady) => {
    const env = { REDIS_URL: await restrictedRedis(rule), ...spool() };
    const { send, written } = await startMarked({ env, waitsForReady });
    const bodies = Array.from({ length: 5 }, (_, index) => signMarked({ ...payout, transactionId: `D${index}` }));
    await Promise.all(bodies.map((body) => send('/callbacks', body)));
    const all = await written();
    expect(leaksIn(all)).toEqual([]);
    expect(outcomesIn(all)).toEqual(['spooled']);
  });

  it.each([
    [['EVAL', 'EVALSHA'], true],
    [['INFO'], false],
  ])('are written nowhere where Redis does not know %j', async (commands, waitsForReady) => {
    const redis = await ownRedis(...commands.flatMap((name) => ['--rename-command', name, `hidden-${name}`]));
    const { send, written } = await startMarked({ env: { REDIS_URL: redis.url, ...spool() }, waitsForReady });
    expect(await send('/callbacks', signMarked(payout))).toBe(200);
    const all = await written();
    expect([leaksIn(all), outcomesIn(all)]).toEqual([[], ['spooled']]);
    expect(all).toMatch(/unknown command '\w+'/);
    expect(all).not.toContain('with args beginning');
  });

  it('are written nowhere where the password of Redis is wrong', async () => {
    const url = (await restrictedRedis('+@all')).replace('service:', 'another:');
    const { send, written, line } = await startMarked({ env: { REDIS_URL: url, ...spool() }, waitsForReady: false });
    await line(/WRONGPASS/);
    expect(await send('/callbacks', signMarked(payout))).toBe(200);
    const all = await written();
    expect([leaksIn(all), outcomesIn(all)]).toEqual([[], ['spooled']]);
  });

  it('are written nowhere when Redis is full', async () => {
    const redis = await ownRedis('--maxmemory', '1mb');
    const { send, written } = await startMarked({ env: { REDIS_URL: redis.url, ...spool() } });
    expect(await send('/callbacks', signMarked(payout))).toBe(200);
    const all = await written();
    expect([leaksIn(all), outcomesIn(all)]).toEqual([[], ['spooled']]);
  });

  it('are written nowhere while Redis is unavailable, nor when the spool is moved to it', async () => {
    const redis = await ownRedis();
    const { send, written, opsUrl } = await startMarked({
      env: { REDIS_URL: redis.url, ENQUEUE_TIMEOUT_MS: '200', ...spool() },
    });
    redis.process.kill('SIGSTOP');
    expect(await send('/callbacks', signMarked(payout))).toBe(200);
    expect(await send('/callbacks', signMarked({ ...payout, amount: PERSONAL.text }))).toBe(200);
    redis.process.kill('SIGCONT');
    await expect.poll(() => metric(opsUrl, 'paycools_spool_events'), { timeout: 10_000 }).toBe('0');
    const all = await written();
    expect([leaksIn(all), outcomesIn(all)]).toEqual([[], ['spooled']]);
  });

  it('are written nowhere where nothing can store them', async () => {
    const redis = await ownRedis();
    const { send, written, line } = await startMarked({ env: { REDIS_URL: redis.url, ENQUEUE_TIMEOUT_MS: '200' } });
    await redis[Symbol.asyncDispose]();
    await line(/redis is gone/);
    expect(await send('/callbacks', signMarked(payout))).toBe(503);
    const all = await written();
    expect([leaksIn(all), outcomesIn(all)]).toEqual([[], ['unavailable']]);
  });

  it('are written nowhere when MERCHANTS_FILE is broken, from the start or later', async () => {
    const file = join(temporaryFolder(), 'merchants.json');
    const bad = {
      acme: {
        PAYCOOLS_CALLBACK_SECRET: `\${${SECRETS.secret}}`,
        PAYCOOLS_PRIVATE_KEY: SECRETS.secret,
        PAYCOOLS_TIME_ZONE: SECRETS.secret,
        ALLOWED_IPS: SECRETS.secret,
        CONFIRM: SECRETS.secret,
        PAYCOOLS_BASE_URL: `http://${SECRETS.secret}.example.com`,
      },
    };
    const { lines, child, written } = await startMarked({
      env: { MERCHANTS_FILE: writeTo(file, '{"acme":{"PAYCOOLS_CALLBACK_SECRET":"of-acme"}}') },
    });
    const refusals = () => lines.filter((line) => line.includes('MERCHANTS_FILE is refused')).length;
    for (const content of [JSON.stringify(bad), `{"acme":"${SECRETS.secret}"`, `{"acme":"${SECRETS.secret}"}`]) {
      const before = refusals();
      writeTo(file, content);
      child.kill('SIGHUP');
      await expect.poll(refusals, { timeout: 5000 }).toBeGreaterThan(before);
      const service = runService({ MERCHANTS_FILE: file, REDIS_URL: `redis://x:${SECRETS.redisPassword}@[` });
      expect(await service.ended).toBe(1);
      expect(leaksIn(service.lines.join('\n'))).toEqual([]);
    }
    expect(leaksIn(await written())).toEqual([]);
  });
});

const writeTo = (file: string, content: string): string => {
  writeFileSync(file, content);
  return file;
};
