import { type Transaction, timeOrNull, timeText, type World } from '../world.ts';

/**
 * The `data` of 7.2, 10.6 and, as far as is known, 9.3.
 *
 * @see PAYCOOLS.md 8.7 (https://doc.paycools.com/Payment/RequestCollectionStatus.html)
 */
export const paymentData = (world: World, transaction: Transaction) => ({
  mchOrderId: transaction.mchOrderId,
  transactionId: transaction.transactionId,
  amount: transaction.amount,
  transactionStatus: transaction.status,
  createTime: timeText(world, transaction.createdAt),
  returnTime: timeOrNull(world, transaction.completedAt),
  appName: transaction.details['appName'] ?? null,
  customerName: transaction.details['customerName'] ?? null,
  channelCode: transaction.channelCode,
  email: transaction.details['email'] ?? '',
  mobile: transaction.details['mobile'] ?? '',
  remark: transaction.remark,
  callbackUrl: transaction.callbackUrl ?? '',
});
