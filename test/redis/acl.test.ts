import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { blocksOf } from '../support/blocks.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { openNamespace } from '../support/namespace.ts';
import { startTestService } from '../support/service.ts';

const PASSWORD = 'a-long-random-password';

it('the Redis user of docs/security.md has sufficient permissions for the service and its workers', async () => {
  const { redis, prefix, url } = openNamespace();
  const [rule = ''] = blocksOf(readFileSync('docs/security.md', 'utf8'), 'text');
  const [, , ...rules] = rule.replaceAll('paycools:*', `${prefix}:*`).replace('>…', `>${PASSWORD}`).split(' ');
  await redis.acl('SETUSER', prefix, ...rules);
  onTestFinished(async () => {
    await redis.acl('DELUSER', prefix);
  });

  const own = url.replace('//', `//${prefix}:${PASSWORD}@`);
  const service = await startTestService({ env: { REDIS_URL: own, QUEUE_PREFIX: prefix } });
  const seen: string[] = [];
  const consumer = createConsumer({
    redis: own,
    prefix,
    handlers: { payout: ({ subject }, { once }) => void once(async () => void seen.push(subject)) },
  });
  onTestFinished(() => consumer.close());
  expect((await post(`${service.publicUrl}/callbacks`, sign(payoutFields()))).status).toBe(200);
  await expect.poll(() => seen).toEqual(['D1032653961082864323']);
  expect(await (await fetch(`${service.opsUrl}/readyz`)).json()).toEqual({ status: 'ready', reasons: {} });
  expect((await fetch(`${service.opsUrl}/metrics`)).status).toBe(200);
  for (const path of [
    '',
    '/callbacks',
    '/failed',
    '/unrecognized',
    '/reconciliation',
    '/audit',
    '/queues/api/queues',
  ]) {
    expect([path, (await fetch(`${service.opsUrl}/console${path}`)).status]).toEqual([path, 200]);
  }
  expect(service.logLines.filter((line) => /NOPERM|"level":"error"/.test(line))).toEqual([]);
});
