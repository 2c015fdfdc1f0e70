import { amountOf } from '../../src/core/money.ts';
import { interpretReply } from '../../src/products/interpret.ts';
import { deliver } from '../../src/receive/deliver.ts';
import type { ReconcilePorts } from '../../src/reconcile/run.ts';
import { provedMerchant } from '../support/merchant.ts';
import { type ListedRow, payoutRow } from './fake-paycools.ts';

/** The state of a payout at PayCools, and what was received about it. */
export type Payout = {
  readonly paycools: 'COMPLETE' | 'FAILED' | 'PENDING' | 'odd';
  readonly received: 'nothing' | 'pending' | 'succeeded' | 'failed' | 'other amount';
};

export const paycoolsStates: readonly Payout['paycools'][] = ['COMPLETE', 'FAILED', 'PENDING', 'odd'];
export const receivedStates: readonly Payout['received'][] = [
  'nothing',
  'pending',
  'succeeded',
  'failed',
  'other amount',
];

/** What a run must do about a payout. */
export type Expected = 'emitted' | 'matched' | 'status-mismatch' | 'amount-mismatch' | 'unreadable';

/** The model: derives the expected result from the states of both sides. */
export const expectedOf = ({ paycools, received }: Payout): Expected => {
  if (paycools === 'odd') return 'unreadable';
  const isEnded = received !== 'nothing' && received !== 'pending';
  if (paycools === 'PENDING') return isEnded ? 'status-mismatch' : 'matched';
  if (!isEnded) return 'emitted';
  const status = paycools === 'COMPLETE' ? 'succeeded' : 'failed';
  if (received === 'other amount') return status === 'succeeded' ? 'amount-mismatch' : 'status-mismatch';
  return received === status ? 'matched' : 'status-mismatch';
};

export const idOf = (index: number): string => `D${String(index).padStart(4, '0')}`;

const now = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

/** The payout's row in the statement. */
export const listedOf = ({ paycools }: Payout, index: number): ListedRow =>
  payoutRow(idOf(index), {
    status: paycools === 'odd' ? 'COMPLETE' : paycools,
    createTime: now(),
    completeTime: paycools === 'PENDING' ? null : now(),
    ...(paycools === 'odd' ? { amount: 'twelve' } : {}),
  });

const WORDS = { pending: 'PENDING', succeeded: 'COMPLETE', failed: 'FAILED', 'other amount': 'COMPLETE' } as const;

/** Delivers what was received about a payout, as its callback would have. */
export const receive = async (ports: ReconcilePorts, { received }: Payout, index: number): Promise<void> => {
  if (received === 'nothing') return;
  const id = idOf(index);
  const amount = amountOf(received === 'other amount' ? 99 : 1250, 'PHP').minor;
  const fields = { transactionId: id, mchOrderId: `M-${id}`, amount, transactionStatus: WORDS[received] };
  const subject = { kind: 'transaction', id };
  const interpreted = interpretReply(ports.registry, { product: 'payout', subject, fields }, provedMerchant.timeZone);
  if (!interpreted.ok) throw new Error(interpreted.error);
  const delivery = { interpreted: interpreted.value, origin: 'callback', receivedAt: Date.now() - 60_000 } as const;
  await deliver(ports, { ...delivery, merchant: provedMerchant, flags: [], isAmbiguous: false });
};

/** The reply to the payout query, consistent with the statement. */
export const queryReply = (payouts: readonly Payout[], order: string | null) => {
  const index = payouts.findIndex((_, at) => `M-${idOf(at)}` === order);
  const payout = payouts[index];
  if (payout === undefined || payout.paycools === 'odd') return { code: 1008 };
  return {
    code: 1000,
    data: { mchOrderId: order, transactionId: idOf(index), amount: 1250, transactionStatus: payout.paycools },
  };
};
