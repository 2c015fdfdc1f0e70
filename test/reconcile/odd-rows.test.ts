import { describe, expect, it } from 'vitest';
import { payoutRow } from './fake-paycools.ts';
import { startFakeStage } from './fake-stage.ts';

describe('a row that cannot be read', () => {
  it.each([
    ['amount', { amount: null }],
    ['amount', { amount: '1,250.00' }],
    ['amount', { amount: -5 }],
    ['status', { status: 7 }],
    ['status', { status: 'REVERSED' }],
    ['status', { status: 'paid by Juan dela Cruz' }],
    ['transactionId', { transactionId: null }],
    ['merchantOrderId', { merchantOrderId: { id: 'M' } }],
  ])('because of its %s (%j) is reported and counted, and the others are reconciled', async (member, change) => {
    const { fake, run, eventsOf, findings } = await startFakeStage();
    fake.statements.payout.push(payoutRow('D1'), payoutRow('D2', change), payoutRow('D3'));
    const report = await run();
    expect(report).toMatchObject({ incomplete: false, rows: 3, emitted: 2, unreadable: 1, counts: { unreadable: 1 } });
    expect((await eventsOf('payout')).map(({ subject }) => subject).sort()).toEqual(['D1', 'D3']);
    expect(report.findings).toMatchObject([{ kind: 'unreadable', product: 'payout' }]);
    const [finding] = await findings();
    expect(finding).toMatchObject({ type: 'com.paycools.finding.unreadable', origin: 'reconciliation' });
    expect(finding?.data.summary).toContain(`${member}: `);
    expect(JSON.stringify(finding)).not.toContain('Juan');
    expect(JSON.stringify(finding)).not.toContain('1,250');
  });

  it.each([
    { fee: -2.01 },
    { createTime: 1_764_121_040_000 },
    { completeTime: 'soon' },
    { recipientName: true },
    { somethingNew: [{}] },
  ])('does not include one with an odd optional member (%j), which is emitted', async (change) => {
    const { fake, run, eventsOf } = await startFakeStage();
    fake.statements.payout.push(payoutRow('D1', change));
    expect(await run()).toMatchObject({ emitted: 1, unreadable: 0, findings: [] });
    expect(await eventsOf('payout')).toMatchObject([{ subject: 'D1', data: { amount: { minor: 1250 } } }]);
  });

  it('is reported once, however many passes and runs list it', async () => {
    const { fake, run, findings } = await startFakeStage({ pageSize: 1 });
    fake.statements.payout.push(payoutRow('D1'), payoutRow('D2', { amount: null }));
    expect(await run()).toMatchObject({ unreadable: 1, passes: 5 });
    expect(await run()).toMatchObject({ unreadable: 1, matched: 1 });
    expect(await findings()).toHaveLength(1);
  });

  it('in a list of refunds does not hide the others', async () => {
    const refund = { originalTransactionId: 'C1', refundAmount: 100, refundStatus: 'COMPLETE' };
    const { fake, run, eventsOf } = await startFakeStage({
      onQuery: (path) =>
        path === '/api/refund/payments'
          ? {
              code: 1000,
              data: [
                { ...refund, refundTransactionId: 'R1', refundAmount: 'all' },
                { ...refund, refundTransactionId: 'R2', refundCreateTime: 7 },
              ],
            }
          : undefined,
    });
    fake.statements.payment.push(payoutRow('C1', { paymentChannel: 'PAYMAYA_URL' }));
    const report = await run({ depth: 'full' });
    expect(report).toMatchObject({ leftOut: [], incomplete: false, emitted: 2, unreadable: 1 });
    expect(report.findings).toMatchObject([{ kind: 'unreadable', product: 'refund', transactionId: 'R1' }]);
    expect(await eventsOf('refund')).toMatchObject([{ data: { status: 'succeeded', amount: { minor: 100 } } }]);
  });
});

describe('a run', () => {
  it('retries an unreadable page, leaves it out, and continues', async () => {
    const { fake, run, eventsOf } = await startFakeStage({
      onPage: (request) => (request === 'payout createDate 2' ? { code: 1000, data: 'no' } : undefined),
    });
    for (let id = 1; id <= 9; id += 1) fake.statements.payout.push(payoutRow(`D${id}`));
    const report = await run();
    expect(report.incomplete).toBe(true);
    expect(report.leftOut[0]).toMatchObject({
      what: expect.stringMatching(/^payout statement, createDate .*, page 2$/),
    });
    expect(fake.requests.filter((it) => it === 'payout createDate 2').length).toBeGreaterThanOrEqual(3);
    expect(await eventsOf('payout')).toHaveLength(9); // the other view listed them
  });

  it('leaves out a statement whose pages all fail, and the next run reads it', async () => {
    let isBroken = true;
    const { fake, run, eventsOf } = await startFakeStage({
      onPage: (request) => (isBroken && request.startsWith('payment') ? { status: 500 } : undefined),
    });
    fake.statements.payout.push(payoutRow('D1'));
    fake.statements.payment.push(payoutRow('C1', { paymentChannel: 'PAYMAYA_URL' }));
    expect(await run()).toMatchObject({ incomplete: true, emitted: 1 });
    isBroken = false;
    expect(await run()).toMatchObject({ incomplete: false, emitted: 1, matched: 1 });
    expect(await eventsOf('web-payment')).toHaveLength(1);
  });

  it('reports a failed query with its subject', async () => {
    const { fake, run } = await startFakeStage({
      onQuery: (path) => (path.includes('payout') ? { code: 1000, data: { amount: 'much' } } : undefined),
    });
    fake.statements.payout.push(payoutRow('D1', { status: 'FAILED' }));
    const report = await run();
    expect(report).toMatchObject({ incomplete: true, unanswered: 1, emitted: 1 });
    expect(report.leftOut).toMatchObject([{ what: 'payout query of D1', reason: expect.stringContaining('amount') }]);
  });

  it('fails when PayCools refuses the merchant', async () => {
    const { run } = await startFakeStage({ onPage: () => ({ code: 1003 }) });
    await expect(run()).rejects.toMatchObject({ code: 1003 });
  });
});
