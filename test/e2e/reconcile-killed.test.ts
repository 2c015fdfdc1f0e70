import { expect, it } from 'vitest';
import { dayOf } from '../../src/core/day.ts';
import { clientOf, sandboxWith, webPaymentOf } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { openNamespace } from '../support/namespace.ts';
import { waitingEvents } from '../support/queues.ts';
import { until } from '../support/until.ts';
import { removeLock, startReconcile } from './reconcile-process.ts';

const PAYMENTS = 8;
const LOCK_MS = 30_000;

it('the next run resumes a killed reconciliation and emits everything once', async () => {
  const namespace = openNamespace();
  const sandbox = disposeWithTest(await sandboxWith());
  const client = clientOf(sandbox.url);
  for (let count = 0; count < PAYMENTS; count += 1) {
    await client.webPayment.create(webPaymentOf(20_000, 'http://127.0.0.1:9'));
  }
  await sandbox.settled();
  const day = dayOf(Date.now(), 'Asia/Manila');
  const reconcile = (rate: number) =>
    startReconcile({ namespace, baseUrl: sandbox.url, day, env: { RECONCILE_RATE: String(rate) } });
  const emitted = () => waitingEvents(namespace, 'web-payment');

  const killed = reconcile(5);
  await until(async () => (await emitted()).length > 0, { what: 'an event is emitted', timeoutMs: 15_000 });
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  expect((await emitted()).length).toBeLessThan(PAYMENTS);

  const refused = reconcile(1000);
  expect([await refused.ended, refused.lines.join('\n')]).toEqual([1, expect.stringContaining('is running')]);
  expect(await namespace.redis.pttl(`${namespace.prefix}:reconcile:{default}:lock`)).toBeLessThanOrEqual(LOCK_MS);
  await removeLock(namespace);

  const resumed = reconcile(1000);
  expect(await resumed.ended).toBe(0);
  expect(JSON.parse(resumed.lines.join('\n'))).toMatchObject({ rows: PAYMENTS, findings: [] });
  const subjects = (await emitted()).map(({ subject }) => subject);
  expect(subjects.sort()).toEqual(sandbox.transactions.map(({ transactionId }) => transactionId).sort());
});
