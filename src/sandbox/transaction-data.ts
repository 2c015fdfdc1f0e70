import { type Transaction, timeOrNull, timeText, type World } from './world.ts';

/** Members that queries and callbacks share, for a payment or payout. */
export const transactionData = (world: World, transaction: Transaction) => ({
  mchOrderId: transaction.mchOrderId,
  transactionId: transaction.transactionId,
  amount: transaction.amount,
  transactionStatus: transaction.status,
  createTime: timeText(world, transaction.createdAt),
  returnTime: timeOrNull(world, transaction.completedAt),
});

/**
 * The `data` of 7.2 and 10.6, and probably of 9.3.
 *
 * @see docs/paycools.md 8.7 (https://doc.paycools.com/Payment/RequestCollectionStatus.html)
 */
export const paymentData = (world: World, transaction: Transaction) => ({
  ...transactionData(world, transaction),
  appName: transaction.details['appName'] ?? null,
  customerName: transaction.details['customerName'] ?? null,
  channelCode: transaction.channelCode,
  email: transaction.details['email'] ?? '',
  mobile: transaction.details['mobile'] ?? '',
  remark: transaction.remark,
  callbackUrl: transaction.callbackUrl ?? '',
});

/** Members that queries and callbacks share, for a refund. */
export const refundData = (world: World, refund: Transaction) => ({
  mchRefundOrderId: refund.mchOrderId,
  originalTransactionId: refund.details['originalTransactionId'] ?? null,
  refundTransactionId: refund.transactionId,
  refundAmount: refund.amount,
  feeRefunded: 0,
  refundStatus: refund.status === 'CLOSED' ? 'CANCELLED' : refund.status,
  refundCreateTime: timeText(world, refund.createdAt),
  refundReturnTime: timeOrNull(world, refund.completedAt),
  refundReason: refund.details['refundReason'] ?? null,
});
