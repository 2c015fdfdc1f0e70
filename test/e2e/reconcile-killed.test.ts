import { expect, it, onTestFinished } from 'vitest';
import { dayOf } from '../../src/core/day.ts';
import { APP_ID, clientOf, PRIVATE_KEY, sandboxWith, webPaymentOf } from '../sandbox/support.ts';
import { openNamespace } from '../support/namespace.ts';
import { run } from '../support/process.ts';
import { waitingEvents } from '../support/queues.ts';
import { SECRET } from '../support/service.ts';

const PAYMENTS = 8;
const LOCK_MS = 30_000;

it('a killed reconciliation is continued by the next one, which emits everything once', async () => {
  const namespace = openNamespace();
  const { redis, prefix, url } = namespace;
  const sandbox = await sandboxWith();
  onTestFinished(() => sandbox[Symbol.asyncDispose]());
  const client = clientOf(sandbox.url);
  for (let count = 0; count < PAYMENTS; count += 1) {
    await client.webPayment.create(webPaymentOf(20_000, 'http://127.0.0.1:9'));
  }
  await sandbox.settled();
  const today = dayOf(Date.now(), 'Asia/Manila');
  const reconcile = (rate: number) =>
    run({
      command: process.execPath,
      args: ['dist/cli/main.js', 'reconcile', '--from', today, '--to', today, '--apply', '--json'],
      env: {
        PAYCOOLS_CALLBACK_SECRET: SECRET,
        REDIS_URL: url,
        QUEUE_PREFIX: prefix,
        PAYCOOLS_BASE_URL: sandbox.url,
        PAYCOOLS_APP_ID: APP_ID,
        PAYCOOLS_PRIVATE_KEY: PRIVATE_KEY,
        RECONCILE_RATE: String(rate),
      },
    });

  const killed = reconcile(5);
  while ((await waitingEvents(namespace, 'web-payment')).length === 0);
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  const told = (await waitingEvents(namespace, 'web-payment')).length;
  expect(told).toBeLessThan(PAYMENTS);

  const refused = reconcile(1000);
  expect([await refused.ended, refused.lines.join('\n')]).toEqual([1, expect.stringContaining('is running')]);
  const lock = `${prefix}:reconcile:{default}:lock`;
  expect(await redis.pttl(lock)).toBeLessThanOrEqual(LOCK_MS);
  await redis.del(lock); // as it ends by itself

  const resumed = reconcile(1000);
  expect(await resumed.ended).toBe(0);
  expect(JSON.parse(resumed.lines.join('\n'))).toMatchObject({ rows: PAYMENTS, findings: [] });
  const subjects = (await waitingEvents(namespace, 'web-payment')).map(({ subject }) => subject);
  expect(subjects.sort()).toEqual(sandbox.transactions.map(({ transactionId }) => transactionId).sort());
});
