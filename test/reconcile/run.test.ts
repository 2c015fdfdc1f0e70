import { describe, expect, it } from 'vitest';
import { reportCsv } from '../../src/reconcile/report.ts';
import { checkoutOf, clientOf, payoutOf, webPaymentOf } from '../sandbox/support.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { type Stage, startStage } from './stage.ts';

const HOUR_MS = 60 * 60 * 1000;
const allLost = { chaos: { lost: 1 } };

/** A payout whose callback was lost. */
const lostPayout = async ({ client, sandbox }: Stage, amount = 20_000) => {
  const request = payoutOf(amount);
  await client.payout.create(request);
  await sandbox.settled();
  const { transactionId } = await client.payout.status({ mchOrderId: request.mchOrderId });
  return { transactionId, mchOrderId: request.mchOrderId, amount };
};

/** A callback about a transaction that the sandbox does not know. */
const callBack = ({ callbackUrl }: Stage, change: Record<string, unknown>) =>
  post(callbackUrl, sign(payoutFields(change)));

describe('a run', () => {
  it('reports missing events and changes nothing unless it applies', async () => {
    const stage = await startStage(allLost);
    const { transactionId } = await lostPayout(stage);
    const report = await stage.run();
    expect(report).toMatchObject({ apply: false, rows: 1, matched: 0, emitted: 0, counts: { missing: 1 } });
    expect(report.findings).toMatchObject([{ kind: 'missing', product: 'payout', transactionId }]);
    expect(await stage.eventsOf('payout')).toEqual([]);
    expect(await stage.eventsOf('findings')).toEqual([]);
  });

  it('emits the ordinary event, so that its late callback is a duplicate', async () => {
    const stage = await startStage(allLost);
    const { transactionId, mchOrderId, amount } = await lostPayout(stage);
    expect(await stage.run({ apply: true })).toMatchObject({ rows: 1, emitted: 1, findings: [] });
    const late = { transactionId, mchOrderId, amount, transactionStatus: 'COMPLETE' };
    expect(await callBack(stage, late)).toMatchObject({ status: 200 });
    expect(await stage.eventsOf('payout')).toMatchObject([
      {
        type: 'com.paycools.payout.succeeded',
        subject: transactionId,
        origin: 'reconciliation',
        data: { merchantOrderId: mchOrderId, amount: { minor: amount }, flags: [], provider: { eventName: null } },
      },
    ]);
  });

  it('emits the failure reason that the callback would have contained', async () => {
    const stage = await startStage(allLost);
    await lostPayout(stage, 20_003);
    await stage.run({ apply: true });
    expect(await stage.eventsOf('payout')).toMatchObject([
      { type: 'com.paycools.payout.failed', data: { failure: { reason: 'insufficient-balance' } } },
    ]);
  });

  it('finds nothing new when it runs again', async () => {
    const stage = await startStage(allLost);
    await lostPayout(stage);
    await stage.run({ apply: true });
    expect(await stage.run({ apply: true })).toMatchObject({ rows: 1, matched: 1, emitted: 0, findings: [] });
  });

  it.each([
    ['status-mismatch', { transactionStatus: 'FAILED', eventName: 'disbursement.failed' }],
    ['amount-mismatch', { amount: 20_100 }],
  ])('reports a %s once, with both sides, and emits nothing', async (kind, change) => {
    const stage = await startStage(allLost);
    const order = await lostPayout(stage);
    await callBack(stage, { ...order, transactionStatus: 'COMPLETE', ...change });
    const report = await stage.run({ apply: true });
    await stage.run({ apply: true });
    expect(report.findings).toMatchObject([{ kind, transactionId: order.transactionId }]);
    expect(await stage.eventsOf('payout')).toHaveLength(1);
    expect(await stage.eventsOf('findings')).toMatchObject([
      {
        type: `com.paycools.finding.${kind}`,
        origin: 'reconciliation',
        data: {
          recorded: { status: expect.any(String) },
          received: { status: 'succeeded', amount: { minor: 20_000 } },
        },
      },
    ]);
  });

  it('reports a subject as unknown only after PayCools has not known it for a while', async () => {
    const stage = await startStage();
    await callBack(stage, { transactionId: 'D404', mchOrderId: 'M404', createTime: undefined });
    expect((await stage.run({ apply: true })).findings).toEqual([]);
    expect((await stage.run({ apply: true })).findings).toEqual([]);
    const later = await stage.run({ apply: true }, { now: () => Date.now() + 2 * HOUR_MS });
    expect(later.findings).toMatchObject([{ kind: 'unknown-to-paycools', product: 'payout', transactionId: 'D404' }]);
    expect(await stage.eventsOf('findings')).toMatchObject([{ data: { received: null } }]);
  });

  it('reports a transaction that is pending for too long', async () => {
    const stage = await startStage(allLost);
    const { transactionId } = await lostPayout(stage, 20_002);
    expect((await stage.run()).findings).toEqual([]);
    expect((await stage.run({ stuckAfterMs: -1 })).findings).toMatchObject([{ kind: 'stuck-pending', transactionId }]);
  });

  it('asks about pending transactions of any day', async () => {
    const now = () => Date.now() - 5 * 24 * HOUR_MS;
    const stage = await startStage({ ...allLost, now });
    const order = { mchOrderId: 'OLD1', transactionId: '' };
    const { ports } = stage;
    const client = clientOf(stage.sandbox.url, { runtime: { now } });
    await client.payout.create({ ...payoutOf(20_002), mchOrderId: order.mchOrderId });
    const { transactionId } = await client.payout.status({ mchOrderId: order.mchOrderId });
    await callBack(stage, { ...order, transactionId, amount: 20_002, transactionStatus: 'PENDING' });
    await stage.sandbox.complete({ transactionId, status: 'COMPLETE' });
    await stage.run({ apply: true, client });
    expect((await stage.eventsOf('payout')).map(({ data }) => data.status)).toEqual(['pending', 'succeeded']);
    expect((await ports.reader.open('default', null)).subjects).toEqual([]);
  });

  it('does not guess a family that neither channel nor query determines', async () => {
    const stage = await startStage(allLost);
    const checkout = { ...checkoutOf(5000, stage.callbackUrl), channelCodeList: ['ODD'] };
    await stage.client.checkout.create(checkout);
    await stage.sandbox.settled();
    const mute = clientOf(stage.sandbox.url, { paths: { 'checkout.get': '/nowhere' } });
    const report = await stage.run({ apply: true, client: mute });
    expect(report.findings).toMatchObject([{ kind: 'missing', product: 'unknown' }]);
    expect(report.emitted).toBe(0);
    expect(await stage.run({ apply: true })).toMatchObject({ emitted: 1, findings: [] });
    expect(await stage.eventsOf('checkout')).toHaveLength(1);
  });

  it('uses the queue on which a transaction was first seen, whatever family its later callback names', async () => {
    const stage = await startStage(allLost);
    const { transactionId } = await stage.client.webPayment.create(webPaymentOf(5000, stage.callbackUrl));
    await stage.sandbox.settled();
    await stage.run({ apply: true });
    const other = { eventName: 'checkout.payment.success', transactionId, amount: 5000, channelCode: 'GCASH_URL' };
    await callBack(stage, other);
    expect(await stage.eventsOf('web-payment')).toHaveLength(1);
    expect(await stage.eventsOf('checkout')).toEqual([]);
  });

  it('stores its report, which can be written as CSV', async () => {
    const stage = await startStage(allLost);
    const { transactionId, mchOrderId } = await lostPayout(stage);
    const report = await stage.run();
    expect(await stage.store.reports('default')).toEqual([report]);
    expect(reportCsv(report).split('\r\n')[1]).toContain(`missing,payout,${transactionId},${mchOrderId},evt_`);
  });

  it('reports its progress', async () => {
    const stage = await startStage({ ...allLost, pageSize: 1 });
    await lostPayout(stage);
    await lostPayout(stage);
    const lines: string[] = [];
    await stage.run({ onProgress: ({ step, steps, rows, title }) => lines.push(`${step}/${steps} ${rows} ${title}`) });
    expect(lines.some((line) => /^\d+\/13 1 payout statement, createDate/.test(line))).toBe(true);
    expect(lines.at(-1)).toBe('13/13 2 done');
  });
});

describe('the CSV report', () => {
  it('does not let a spreadsheet evaluate the text of a finding', () => {
    const finding = {
      kind: 'missing' as const,
      product: 'payout',
      transactionId: '=HYPERLINK("x")',
      merchantOrderId: 'a,b',
      eventId: 'evt_1',
      summary: 'x',
      foundAt: '2026-05-02T12:00:00.000Z',
      recorded: null,
      received: null,
    };
    expect(reportCsv({ apply: true, events: [], findings: [finding] }).split('\r\n')[1]).toBe(
      `missing,payout,"'=HYPERLINK(""x"")","a,b",evt_1,,,,,x,,2026-05-02T12:00:00.000Z`,
    );
  });
});
