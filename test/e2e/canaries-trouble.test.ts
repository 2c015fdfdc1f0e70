import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { payoutFields } from '../support/callback.ts';
import { findLeaks, inspect, PERSONAL, SECRETS, signCanary, startCanaryService } from '../support/canaries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { runService } from '../support/process.ts';

const payout = payoutFields();

/** A Redis whose user for the service has restricted rights. Returns its URL with user and password. */
const startRestrictedRedis = async (rule: string): Promise<string> => {
  const redis = await startOwnRedis();
  const admin = new Redis(redis.url);
  await admin.acl('SETUSER', 'service', 'on', `>${SECRETS.redisPassword}`, '~*', '&*', '+@all', ...rule.split(' '));
  admin.disconnect();
  return redis.url.replace('//', `//service:${SECRETS.redisPassword}@`);
};

const metric = async (opsUrl: string, name: string): Promise<string | undefined> =>
  new RegExp(`^${name} (.*)`, 'm').exec(await (await fetch(`${opsUrl}/metrics`)).text())?.[1];

const spoolEnv = (): Record<string, string> => ({ SPOOL_DIR: join(temporaryFolder(), 'spool') });

describe('secrets and personal data', () => {
  it.each([
    ['may not run scripts', '-evalsha -eval', true],
    ['may not touch the queues', 'resetkeys ~*:ledger*', true],
    ['may not read the configuration', '-config -info', false],
  ])('are written nowhere when the service %s in Redis', async (_name, rule, waitsForReady) => {
    const env = { REDIS_URL: await startRestrictedRedis(rule), ...spoolEnv() };
    const { send, stopAndReadAll } = await startCanaryService({ env, waitsForReady });
    const bodies = Array.from({ length: 5 }, (_, index) => signCanary({ ...payout, transactionId: `D${index}` }));
    await Promise.all(bodies.map((body) => send('/callbacks', body)));
    expect(inspect(await stopAndReadAll())).toEqual({ leaks: [], outcomes: ['spooled'] });
  });

  it.each([
    [['EVAL', 'EVALSHA'], true],
    [['INFO'], false],
  ])('are written nowhere when Redis does not know %j', async (commands, waitsForReady) => {
    const redis = await startOwnRedis({
      args: commands.flatMap((name) => ['--rename-command', name, `hidden-${name}`]),
    });
    const { send, stopAndReadAll } = await startCanaryService({
      env: { REDIS_URL: redis.url, ...spoolEnv() },
      waitsForReady,
    });
    expect(await send('/callbacks', signCanary(payout))).toBe(200);
    const all = await stopAndReadAll();
    expect(inspect(all)).toEqual({ leaks: [], outcomes: ['spooled'] });
    expect(all).toMatch(/unknown command '\w+'/);
    expect(all).not.toContain('with args beginning');
  });

  it('are written nowhere when the password of Redis is wrong', async () => {
    const url = (await startRestrictedRedis('+@all')).replace('service:', 'another:');
    const { send, stopAndReadAll, line } = await startCanaryService({
      env: { REDIS_URL: url, ...spoolEnv() },
      waitsForReady: false,
    });
    await line(/WRONGPASS/);
    expect(await send('/callbacks', signCanary(payout))).toBe(200);
    expect(inspect(await stopAndReadAll())).toEqual({ leaks: [], outcomes: ['spooled'] });
  });

  it('are written nowhere when Redis is full', async () => {
    const redis = await startOwnRedis({ args: ['--maxmemory', '1mb'] });
    const { send, stopAndReadAll } = await startCanaryService({ env: { REDIS_URL: redis.url, ...spoolEnv() } });
    expect(await send('/callbacks', signCanary(payout))).toBe(200);
    expect(inspect(await stopAndReadAll())).toEqual({ leaks: [], outcomes: ['spooled'] });
  });

  it('are written nowhere while Redis hangs, nor when the spool is drained to it', async () => {
    const redis = await startOwnRedis();
    const { send, stopAndReadAll, opsUrl } = await startCanaryService({
      env: { REDIS_URL: redis.url, ENQUEUE_TIMEOUT_MS: '200', ...spoolEnv() },
    });
    redis.process.kill('SIGSTOP');
    expect(await send('/callbacks', signCanary(payout))).toBe(200);
    expect(await send('/callbacks', signCanary({ ...payout, amount: PERSONAL.text }))).toBe(200);
    redis.process.kill('SIGCONT');
    await expect.poll(() => metric(opsUrl, 'paycools_spool_events'), { timeout: 10_000 }).toBe('0');
    expect(inspect(await stopAndReadAll())).toEqual({ leaks: [], outcomes: ['spooled'] });
  });

  it('are written nowhere when neither Redis nor a spool can store the callback', async () => {
    const redis = await startOwnRedis();
    const { send, stopAndReadAll, line } = await startCanaryService({
      env: { REDIS_URL: redis.url, ENQUEUE_TIMEOUT_MS: '200' },
    });
    await redis[Symbol.asyncDispose]();
    await line(/redis is disconnected/);
    expect(await send('/callbacks', signCanary(payout))).toBe(503);
    expect(inspect(await stopAndReadAll())).toEqual({ leaks: [], outcomes: ['unavailable'] });
  });

  it('are written nowhere when MERCHANTS_FILE is broken, at the start or later', async () => {
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
    const { lines, child, stopAndReadAll } = await startCanaryService({
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
      expect(findLeaks(service.lines.join('\n'))).toEqual([]);
    }
    expect(findLeaks(await stopAndReadAll())).toEqual([]);
  });
});

const writeTo = (file: string, content: string): string => {
  writeFileSync(file, content);
  return file;
};
