import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConsumer, PermanentFailure } from '../../src/consumer/index.ts';
import { paycools } from '../cli/support.ts';
import { post, postPayout, sign } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { SECRET } from '../support/service.ts';
import { until } from '../support/until.ts';
import { shell } from './commands.ts';
import { backupCommands, hasRedisCli, startReceiver, startRedisOn } from './drill-support.ts';

const PERSON = 'Maria Clara Santos';

const contentOf = async (redis: Redis, key: string): Promise<unknown> => {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    default:
      return redis.xrange(key, '-', '+');
  }
};

/** The keys whose content includes this text. */
const keysWith = async (redis: Redis, text: string): Promise<string[]> => {
  const keys = await redis.keys('*');
  const contents = await Promise.all(keys.map(async (key) => JSON.stringify(await contentOf(redis, key))));
  return keys.filter((_, index) => contents[index]?.includes(text));
};

describe.runIf(hasRedisCli)('the commands that erase a person (run where redis-cli is installed)', () => {
  it('remove a name from failed jobs, unrecognized callbacks and the journal', async () => {
    const { url } = await startRedisOn(temporaryFolder());
    const { publicUrl } = await startReceiver(url);
    const redis = new Redis(url);
    onTestFinished(() => redis.disconnect());
    const consumer = createConsumer({
      redis: url,
      handlers: {
        payout: () => {
          throw new PermanentFailure('not ours');
        },
      },
      onFailed: () => undefined,
    });
    onTestFinished(() => consumer.close());
    const mchOrderId = 'ERASEME001';
    await postPayout(publicUrl, { mchOrderId, remark: PERSON });
    await post(`${publicUrl}/callbacks/payout`, sign({ eventName: 'unheard.of', mchOrderId, remark: PERSON }));
    const hasFailed = async () => (await redis.zcard('paycools:{payout}:failed')) === 1;
    await until(hasFailed, { what: 'the job has failed', timeoutMs: 10_000 });
    // The journal is written a moment after the reply.
    const isJournaled = async () => (await redis.xlen('paycools:{journal}:genuine')) === 2;
    await until(isJournaled, { what: 'the journal has both callbacks', timeoutMs: 10_000 });
    const env = { REDIS_URL: url, PAYCOOLS_CALLBACK_SECRET: SECRET };
    expect((await keysWith(redis, PERSON)).length).toBeGreaterThan(1);

    for (const queue of ['failed', 'unrecognized'])
      expect(await paycools([queue, 'discard', '--all', '--note', 'erased on request'], { env })).toMatchObject({
        code: 0,
      });
    const listed = await paycools(['events', 'list', '--id', mchOrderId, '--json'], { env });
    const ids = (JSON.parse(listed.out) as { id: string }[]).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    for (const id of ids)
      await shell(backupCommands("Erase a person's data"), { REDIS_URL: url, ENTRY: id.replace('genuine-', '') });
    expect(await keysWith(redis, 'Maria')).toEqual([]);
    expect((await paycools(['events', 'list', '--id', mchOrderId], { env })).out).not.toContain(mchOrderId);
  }, 60_000);
});
