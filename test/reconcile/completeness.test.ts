import { describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../src/core/day.ts';
import { interpretReply } from '../../src/products/interpret.ts';
import { deliver } from '../../src/receive/deliver.ts';
import type { ReconcilePorts } from '../../src/reconcile/run.ts';
import { RedisAuditLog } from '../../src/redis/audit-log.ts';
import { provedMerchant } from '../support/merchant.ts';
import { until } from '../support/until.ts';
import { type ListedRow, payoutRow } from './fake-paycools.ts';
import { startFakeStage } from './fake-stage.ts';

const today = dayOf(Date.now(), provedMerchant.timeZone);

type Received = { readonly product: string; readonly id: string; readonly day?: string; readonly amount?: number };

/** Delivers a success, as its callback would have on that day. */
const receive = async (ports: ReconcilePorts, { product, id, day = today, amount = 1250 }: Received) => {
  const createTime = `${day}T04:00:00Z`;
  const fields = { transactionId: id, mchOrderId: `M-${id}`, amount, transactionStatus: 'COMPLETE', createTime };
  const subject = { kind: 'transaction', id };
  const interpreted = interpretReply(ports.registry, { product, subject, fields }, provedMerchant.timeZone);
  if (!interpreted.ok) throw new Error(interpreted.error);
  const delivery = { interpreted: interpreted.value, origin: 'callback', receivedAt: Date.now() - 60_000 } as const;
  await deliver(ports, { ...delivery, merchant: provedMerchant, flags: [], isAmbiguous: false });
};

const refundOf = (payment: string): ListedRow => ({
  originalTransactionId: payment,
  refundTransactionId: `R-${payment}`,
  refundAmount: 100,
  refundStatus: 'COMPLETE',
});

/** Payments of earlier days, each of which was refunded without a callback. */
const startRefunded = async (count: number) => {
  const asked: string[] = [];
  const stage = await startFakeStage({
    onQuery: (path, query) => {
      const payment = query.get('originalTransactionId');
      if (path !== '/api/refund/payments' || payment === null) return undefined;
      asked.push(payment);
      return { code: 1000, data: [refundOf(payment)] };
    },
  });
  for (let index = 0; index < count; index += 1) {
    await receive(stage.ports, { product: 'web-payment', id: `C${index}`, day: addDays(today, -2 - index) });
  }
  const isIndexed = async (): Promise<boolean> => {
    const days = Array.from({ length: count }, (_, index) => addDays(today, -2 - index));
    const found = await Promise.all(days.map((day) => stage.ports.reader.ofDay('default', day, null)));
    return found.every(({ subjects }) => subjects.length === 1);
  };
  await until(isIndexed, { what: 'the payments are in the index by day', timeoutMs: 5000 });
  return { ...stage, asked };
};

describe('refunds of payments before the window', () => {
  it('are requested in rotation, and each run continues where the budget of the last one ended', async () => {
    const { run, asked, eventsOf } = await startRefunded(5);
    expect(await run({ refundBudget: 2 })).toMatchObject({ emitted: 2, refunds: { requests: 2, budget: 2 } });
    await run({ refundBudget: 2 });
    await run({ refundBudget: 2 });
    expect(asked.slice(0, 5).sort()).toEqual(['C0', 'C1', 'C2', 'C3', 'C4']);
    expect(asked[5]).toBe(asked[0]); // the rotation starts again
    expect((await eventsOf('refund')).map(({ subject }) => subject).sort()).toEqual(
      ['C0', 'C1', 'C2', 'C3', 'C4'].map((id) => `R-${id}`),
    );
  });

  it('are requested at most once per run, and not at all with a budget of 0', async () => {
    const { run, asked } = await startRefunded(2);
    expect(await run({ refundBudget: 100 })).toMatchObject({ refunds: { requests: 2, budget: 100 } });
    expect(asked).toHaveLength(2);
    expect(await run({ refundBudget: 0 })).toMatchObject({ refunds: { requests: 0, budget: 0 } });
    expect(asked).toHaveLength(2);
  });

  it('do not advance the rotation in a dry run', async () => {
    const { run, asked } = await startRefunded(2);
    await run({ refundBudget: 1, apply: false });
    await run({ refundBudget: 1, apply: false });
    expect(asked[1]).toBe(asked[0]);
  });
});

describe('a finding of an earlier run', () => {
  it('is resolved and audited when both sides agree, and reported again when it recurs', async () => {
    const stage = await startFakeStage();
    await receive(stage.ports, { product: 'payout', id: 'D1' });
    stage.fake.statements.payout.push(payoutRow('D1', { amount: 99 }));
    await stage.run();
    expect(await stage.findings()).toMatchObject([{ data: { kind: 'amount-mismatch' } }]);
    stage.fake.statements.payout.splice(0, 1, payoutRow('D1'));
    expect(await stage.run()).toMatchObject({ resolved: 1, matched: 1 });
    expect(await stage.findings()).toEqual([]);
    expect(await new RedisAuditLog(stage.namespace).latest(10)).toMatchObject([
      { actor: 'reconciliation', action: 'resolve-finding', isDone: true },
    ]);
    stage.fake.statements.payout.splice(0, 1, payoutRow('D1', { amount: 99 }));
    await stage.run();
    expect(await stage.findings()).toMatchObject([{ data: { kind: 'amount-mismatch' } }]);
  });

  it('remains open while the sides disagree, and in a dry run', async () => {
    const stage = await startFakeStage();
    await receive(stage.ports, { product: 'payout', id: 'D1' });
    stage.fake.statements.payout.push(payoutRow('D1', { amount: 99 }));
    await stage.run();
    expect(await stage.run()).toMatchObject({ resolved: 0 });
    stage.fake.statements.payout.splice(0, 1, payoutRow('D1'));
    expect(await stage.run({ apply: false })).toMatchObject({ resolved: 0 });
    expect(await stage.findings()).toHaveLength(1);
  });
});
