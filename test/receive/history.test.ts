import { describe, expect, it } from 'vitest';
import { exampleFields } from '../support/examples.ts';
import { startReceiver } from './support.ts';

const refund = exampleFields('refund', 'payment.refund.success');
const { refundTransactionId: _refund, ...byOrderOnly } = refund;
const { mchRefundOrderId: _order, ...byTransactionOnly } = refund;

const failed = (returnTime: string, failedCode = -10001) => ({
  eventName: 'disbursement.failed',
  transactionStatus: 'FAILED',
  returnTime,
  failedCode,
});
const succeeded = (returnTime: string) => ({ returnTime });
const [T1, T2, T3, T4] = ['2022-06-01 10:00:00', '2022-06-02 10:00:00', '2022-06-03 10:00:00', '2022-06-04 10:00:00'];

describe('a status that is reached again', () => {
  it('is a new event, a reversal, and a finding', async () => {
    const { payout, events, findings } = await startReceiver();
    await payout(failed(T1));
    await payout(succeeded(T2));
    await payout(failed(T3, -10004));
    const found = await events('payout');
    expect(found.map(({ data }) => [data.status, data.flags, data.failure?.code ?? null])).toEqual([
      ['failed', [], -10001],
      ['succeeded', ['reversal'], null],
      ['failed', ['reversal'], -10004],
    ]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(3);
    expect((await findings()).map(({ data }) => [data.kind, data.recorded?.status, data.received?.status])).toEqual([
      ['reversal', 'failed', 'succeeded'],
      ['reversal', 'succeeded', 'failed'],
    ]);
  });

  it('is delivered once, however often each of its callbacks is repeated', async () => {
    const { payout, events } = await startReceiver();
    const callbacks = [failed(T1), succeeded(T2), failed(T3), succeeded(T4)];
    for (const change of [...callbacks, ...callbacks, ...callbacks.toReversed()]) await payout(change);
    expect(await events('payout')).toHaveLength(4);
  });
});

describe('the order of arrival', () => {
  it('does not change history: the status that PayCools dates earlier is stale', async () => {
    const { payout, events, findings } = await startReceiver();
    await payout(failed(T2));
    await payout(succeeded(T1));
    expect((await events('payout')).map(({ data }) => [data.status, data.flags])).toEqual([
      ['failed', []],
      ['succeeded', ['stale']],
    ]);
    expect(await findings()).toMatchObject([
      { data: { kind: 'reversal', recorded: { status: 'succeeded' }, received: { status: 'failed' } } },
    ]);
  });

  it('decides if PayCools gives no times', async () => {
    const { payout, events } = await startReceiver();
    const timeless = { createTime: null, returnTime: null };
    await payout(timeless);
    await payout({ ...timeless, eventName: 'disbursement.failed', transactionStatus: 'FAILED' });
    expect((await events('payout')).map(({ data }) => data.flags)).toEqual([[], ['reversal']]);
  });

  it('does not matter for a pending state: beside a final one it is stale', async () => {
    const { payout, events } = await startReceiver();
    await payout(succeeded(T1));
    await payout({ transactionStatus: 'PENDING', returnTime: T3 });
    expect((await events('payout')).map(({ data }) => data.flags)).toEqual([[], ['stale']]);
  });
});

describe('a refund', () => {
  it.each([
    ['its order, then both', [byOrderOnly, refund]],
    ['both, then its order', [refund, byOrderOnly]],
    ['both, then its transaction', [refund, byTransactionOnly]],
    ['its transaction, then both, then its order', [byTransactionOnly, refund, byOrderOnly]],
    ['its order, then both, then its transaction', [byOrderOnly, refund, byTransactionOnly]],
  ])('is one subject when it is named by %s', async (_name, callbacks) => {
    const { send, events } = await startReceiver();
    for (const fields of callbacks) expect((await send('refund', fields)).status).toBe(200);
    expect(await events('refund')).toHaveLength(1);
  });

  it('is not the refund whose transaction has the name of its order', async () => {
    const { send, events } = await startReceiver();
    await send('refund', { ...byOrderOnly, mchRefundOrderId: 'SAME' });
    await send('refund', { ...byTransactionOnly, refundTransactionId: 'SAME' });
    expect(await events('refund')).toHaveLength(2);
  });
});
