import { describe, expect, it } from 'vitest';
import type { PaycoolsClient } from '../../src/client/create-paycools-client.ts';
import type { Statement } from '../../src/core/event.ts';
import { mismatchOf } from '../../src/reconcile/mismatch.ts';
import { createPaycoolsProvider } from '../../src/reconcile/paycools-provider.ts';
import type { QueryResult, SubjectQuery } from '../../src/reconcile/ports.ts';

const wanted: SubjectQuery = { subject: { kind: 'transaction', id: 'T1' }, merchantOrderId: 'O1', day: '2026-05-02' };

type Reply = { readonly transactionId: string; readonly mchOrderId: string };

/** The result of a query that PayCools answers with this reply. */
const resultOf = (product: string, { transactionId, mchOrderId }: Reply): Promise<QueryResult> => {
  const reply = async () => ({ transactionId, mchOrderId, amount: 100, transactionStatus: 'COMPLETE' });
  const listed = async () => [{ transactionId, transactionAmount: 100, transactionStatus: 'COMPLETE' }];
  const client = {
    payout: { status: reply },
    webPayment: { status: reply },
    checkout: { get: reply },
    qrCode: { payments: listed },
  } as unknown as PaycoolsClient;
  const provider = createPaycoolsProvider({
    client,
    pace: async () => undefined,
    signal: new AbortController().signal,
  });
  return provider.ask(product, wanted);
};

describe('a reply from PayCools', () => {
  it.each([
    ['payout', { transactionId: 'T1', mchOrderId: 'O1' }, 'found'],
    ['payout', { transactionId: 'T1', mchOrderId: 'O2' }, 'unanswered'],
    ['payout', { transactionId: 'T2', mchOrderId: 'O1' }, 'other-transaction'],
    ['checkout', { transactionId: 'T2', mchOrderId: 'O1' }, 'unanswered'],
    ['web-payment', { transactionId: 'T1', mchOrderId: 'O2' }, 'found'],
    ['web-payment', { transactionId: 'T2', mchOrderId: 'O1' }, 'unanswered'],
    ['qr-code', { transactionId: 'T2', mchOrderId: 'O1' }, 'absent'],
  ])('about a %s that names %j is %s', async (product, reply, kind) => {
    expect(await resultOf(product, reply)).toMatchObject({ kind });
  });
});

const ours: Statement = {
  status: 'succeeded',
  amount: { minor: 100, currency: 'PHP', value: '1.00' },
  merchantOrderId: 'O1',
  channelCode: 'GCASH_URL',
};

describe('the comparison with PayCools', () => {
  it.each<readonly [string, Partial<Statement>, string | null]>([
    ['the same', {}, null],
    ['only the status', { amount: null, merchantOrderId: null, channelCode: null }, null],
    ['another channel', { channelCode: 'PAYMAYA_URL' }, null],
    ['another status', { status: 'failed' }, 'status-mismatch'],
    ['another amount', { amount: { minor: 101, currency: 'PHP', value: '1.01' } }, 'amount-mismatch'],
    ['another currency', { amount: { minor: 100, currency: 'USD', value: '1.00' } }, 'amount-mismatch'],
    ['another order', { merchantOrderId: 'O2' }, 'order-mismatch'],
  ])('is right when it states %s', (_name, change, mismatch) => {
    expect(mismatchOf(ours, { ...ours, ...change })).toBe(mismatch);
  });
});
