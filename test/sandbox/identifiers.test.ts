import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dayOf } from '../../src/core/day.ts';
import type { PaymentEvent } from '../../src/core/event.ts';
import { isIdentifier } from '../../src/core/identifier.ts';
import { paycools } from '../cli/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { waitingEvents } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { apiEnv, clientOf, payoutOf, sandboxWith } from './support.ts';

const REPORTED = [
  'INV 2026 0001',
  'T3JkZXI6MTIzNA==',
  'Peña-0001',
  'A&B-77',
  'a/b?c#d',
  '100%',
  "O'Neil",
  '=1+1',
  '🧾',
];

/** Ids of any printable text that the client accepts, except ambiguous ones, which look like a member. */
const ids = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 16 })
  .filter((text) => isIdentifier(text) && text.length <= 32 && !/&[^&=]+=/.test(text));

it('carries every id from the client to the callback, the event and reconciliation', { timeout: 60_000 }, async () => {
  const receiver = await startTestService();
  const sandbox = disposeWithTest(
    await sandboxWith({ callbackUrl: `${receiver.publicUrl}/callbacks`, callbackSecret: SECRET }),
  );
  const client = clientOf(sandbox.url);
  const orders = [...new Set([...REPORTED, ...fc.sample(ids, 30)])];
  for (const mchOrderId of orders) {
    const { idempotencyId, ...request } = payoutOf(20_000);
    await client.payout.create({ ...request, idempotencyId, mchOrderId });
    expect((await client.payout.status({ mchOrderId })).mchOrderId).toBe(mchOrderId);
  }
  await sandbox.settled();
  const events = (await waitingEvents(receiver.namespace, 'payout')) as PaymentEvent[];
  expect(events.map(({ data }) => data.merchantOrderId).toSorted()).toEqual(orders.toSorted());
  const today = dayOf(Date.now(), 'Asia/Manila');
  const reconciled = await paycools(['reconcile', '--from', today, '--to', today, '--json'], {
    env: {
      PAYCOOLS_CALLBACK_SECRET: SECRET,
      REDIS_URL: receiver.namespace.url,
      QUEUE_PREFIX: receiver.namespace.prefix,
      ...apiEnv(sandbox.url),
      RECONCILE_RATE: '1000',
    },
  });
  expect(JSON.parse(reconciled.out)).toMatchObject({ rows: orders.length, matched: orders.length, findings: [] });
});

it.each(['\u0007', 'a\nb', '   ', '\u202e1', 'x'.repeat(33)])('refuses %j before it is sent', async (mchOrderId) => {
  const client = clientOf('http://127.0.0.1:1');
  await expect(client.payout.status({ mchOrderId })).rejects.toMatchObject({ outcome: 'not-sent' });
});
