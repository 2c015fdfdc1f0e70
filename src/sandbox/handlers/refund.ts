import { type Reply, refuse, succeed } from '../reply.ts';
import { failureOf } from '../rules.ts';
import { refundData } from '../transaction-data.ts';
import { createByRule } from '../transactions.ts';
import { findTransaction, type Transaction, type World } from '../world.ts';
import type { Handlers } from './handler.ts';

/** How long a payment can be refunded (code 1509). */
const REFUNDABLE_MS = 60 * 24 * 3600 * 1000;

const refundsOf = (world: World, originalTransactionId: string): readonly Transaction[] =>
  [...world.transactions.values()].filter(
    ({ product, details }) => product === 'refund' && details['originalTransactionId'] === originalTransactionId,
  );

const isPayment = (transaction: Transaction | undefined): transaction is Transaction =>
  transaction !== undefined && transaction.product !== 'payout' && transaction.product !== 'refund';

type Create = Parameters<Handlers<'refund'>['create']>[0];

const NOT_REFUNDABLE: ReadonlySet<string> = new Set(['virtual-account', 'bank-transfer']);

/** Why the payment cannot be refunded, or not by this amount. */
const paymentRefusal = (world: World, original: Transaction, refundAmount: number): Reply | null => {
  if (original.status !== 'COMPLETE') return refuse(1516);
  if (NOT_REFUNDABLE.has(original.product)) return refuse(1507);
  if (world.settings.now() - original.createdAt > REFUNDABLE_MS) return refuse(1509);
  const refunds = refundsOf(world, original.transactionId);
  if (refunds.some(({ status }) => status === 'PENDING')) return refuse(1502);
  const refunded = refunds.filter(({ status }) => status === 'COMPLETE').reduce((sum, { amount }) => sum + amount, 0);
  return refunded + refundAmount > original.amount ? refuse(1506) : null;
};

const refusalOf = (world: World, { mchRefundOrderId, originalTransactionId, refundAmount }: Create): Reply | null => {
  if (findTransaction(world, 'refund', mchRefundOrderId) !== undefined) return refuse(1515);
  const original = world.transactions.get(originalTransactionId);
  return isPayment(original) ? paymentRefusal(world, original, refundAmount) : refuse(1501);
};

const dataOf = (world: World, refund: Transaction) => ({ ...refundData(world, refund), ...failureOf(refund) });

export const refund: Handlers<'refund'> = {
  create: (request, world) => {
    const refusal = refusalOf(world, request);
    if (refusal !== null) return refusal;
    const { mchRefundOrderId: mchOrderId, originalTransactionId, refundAmount: amount, refundReason } = request;
    const callbackUrl = request.refundCallbackUrl;
    const details = { originalTransactionId, refundReason: refundReason ?? null };
    return createByRule(world, { product: 'refund', mchOrderId, amount, callbackUrl, details }, (opened) => {
      const { mchRefundOrderId, refundTransactionId, refundAmount, refundCreateTime, refundStatus } = refundData(
        world,
        opened,
      );
      return { mchRefundOrderId, refundTransactionId, refundAmount, refundCreateTime, refundStatus };
    });
  },
  payments: ({ originalTransactionId, refundTransactionId }, world) => {
    if (originalTransactionId !== undefined) {
      if (!isPayment(world.transactions.get(originalTransactionId))) return refuse(1501);
      return succeed(refundsOf(world, originalTransactionId).map((it) => dataOf(world, it)));
    }
    const transaction = world.transactions.get(refundTransactionId ?? '');
    return transaction?.product === 'refund' ? succeed([dataOf(world, transaction)]) : refuse(1008);
  },
};
