import { describe, expect, it } from 'vitest';
import { sign } from '../support/callback.ts';
import { exampleFields } from '../support/examples.ts';
import { startReceiver } from './support.ts';

const refund = exampleFields('refund', 'payment.refund.success');

describe('a status word that PayCools does not document', () => {
  it.each([
    ['payout', { eventName: 'disbursement.success', transactionStatus: 'REVERSED' }],
    ['payout', { eventName: 'disbursement.success', transactionStatus: 'DECLINED' }],
    ['payout', { eventName: 'disbursement.success', transactionStatus: 'VOID' }],
    ['payout', { eventName: 'disbursement.failed', transactionStatus: 'PROCESSING' }],
    ['payout', { eventName: 'disbursement.success', transactionStatus: true }],
    ['payout', { eventName: 'disbursement.success', transactionStatus: ' COMPLETE' }],
  ])('makes a %s with %j unrecognized', async (_product, change) => {
    const { payout, events, unrecognized } = await startReceiver();
    expect((await payout(change)).status).toBe(200);
    expect(await events('payout')).toEqual([]);
    expect(await unrecognized()).toMatchObject([
      { data: { reason: 'status: the word is not one that PayCools documents' } },
    ]);
  });

  it('makes a refund unrecognized', async () => {
    const { send, events, unrecognized } = await startReceiver();
    await send('refund', { ...refund, refundStatus: 'REJECTED', failedCode: -10010 });
    expect(await events('refund')).toEqual([]);
    expect(await unrecognized()).toHaveLength(1);
  });
});

describe('an optional member', () => {
  it.each([
    [{ remark: 20261126 }, { remark: null }],
    [{ createTime: 1764121040000 }, { createdAt: null }],
    [{ channelCode: '7-ELEVEN CLIQQ' }, { channelCode: null }],
    [{ currency: 'php' }, { amount: { minor: 312500, currency: 'PHP', value: '3125.00' } }],
    [{ failedMessage: {}, transactionStatus: 'FAILED' }, { failure: { code: null, reason: 'other', message: null } }],
    [{ returnTime: '0001-01-01T00:00:00Z' }, { completedAt: null }],
    [{ returnTime: '9999-12-31T23:59:59-01:00' }, { completedAt: null }],
    [{ returnTime: ['soon'] }, { completedAt: null }],
  ])('of an unexpected form is null, and remains in raw: %j', async (change, data) => {
    const { payout, events } = await startReceiver();
    await payout(change);
    expect(await events('payout')).toMatchObject([{ data: { ...data, raw: change } }]);
  });
});

describe('an id', () => {
  it.each(['INV 2026 0001', 'T3JkZXI6MTIzNA==', 'Peña-0001', 'A&B-77', 'a/b+c', '🧾 12', 'x'.repeat(128)])(
    'is delivered as %j',
    async (mchOrderId) => {
      const { payout, events } = await startReceiver();
      await payout({ mchOrderId });
      expect(await events('payout')).toMatchObject([{ data: { merchantOrderId: mchOrderId } }]);
    },
  );
});

describe('an unsigned member', () => {
  it('is not in raw', async () => {
    const { sendBody, events } = await startReceiver();
    const genuine = JSON.parse(sign({ ...refund }));
    const added = { ...genuine, isTest: '', refundStatusText: null, 'x&refundStatus=FAILED': '' };
    expect((await sendBody('refund', JSON.stringify(added))).status).toBe(200);
    const [event] = await events('refund');
    expect(event?.data.raw).toEqual(refund);
  });
});

describe('an eKYC callback', () => {
  it.each(['constructor', '__defineGetter__', 'toString', 'hasOwnProperty'])(
    'may have the event name %s',
    async (eventName) => {
      const { send, events } = await startReceiver();
      await send('ekyc', { eventName, userId: 'u1' });
      expect(await events('ekyc')).toMatchObject([{ type: 'com.paycools.ekyc.updated' }]);
    },
  );

  it('is an update when its members state different verdicts', async () => {
    const { send, events } = await startReceiver();
    await send('ekyc', { userId: 'u1', status: 'REJECTED', result: 'APPROVED' });
    expect(await events('ekyc')).toMatchObject([{ type: 'com.paycools.ekyc.updated' }]);
  });
});

describe('a signed text that can be read with other members', () => {
  it('is not believed on its signature', async () => {
    const { sendBody, events, unrecognized } = await startReceiver();
    const signed = JSON.parse(
      sign({ mchOrderId: 'K1', name: 'Juan&status=APPROVED&t=', status: 'REJECTED', userId: 'u1' }),
    );
    const split = { mchOrderId: 'K1', name: 'Juan', status: 'APPROVED', t: '&status=REJECTED', userId: 'u1' };
    expect((await sendBody('ekyc', JSON.stringify({ ...split, sign: signed.sign }))).status).toBe(200);
    expect(await events('ekyc')).toEqual([]);
    expect(await unrecognized()).toMatchObject([
      { data: { reason: 'the signed text could also be read with other members' } },
    ]);
  });

  it.each([{ remark: 'https://shop.example/r?o=1&userId=77' }, { z: { a: 'x&y=1' } }, { 'a&b': '1' }, { 'a=b': '1' }])(
    'is unrecognized if PayCools cannot be asked: %j',
    async (change) => {
      const { payout, events, unrecognized } = await startReceiver();
      await payout(change);
      expect(await events('payout')).toEqual([]);
      expect(await unrecognized()).toHaveLength(1);
    },
  );
});
