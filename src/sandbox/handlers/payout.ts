import { type Reply, refuse, succeed } from '../reply.ts';
import { failureMessage } from '../rules.ts';
import { endByRule, openTransaction, replyByRule, throttle } from '../transactions.ts';
import { orderKey, type Transaction, timeText, transactionOfOrder, type World } from '../world.ts';
import type { Handlers } from './handler.ts';

/** A code that is neither a bank nor a wallet. */
const NO_SUCH_CODE = 'INVALID';

type Create = Parameters<Handlers<'payout'>['create']>[0];

const refusalOf = (request: Create, world: World): Reply | null => {
  if (transactionOfOrder(world, 'payout', request.mchOrderId) !== undefined) return refuse(1012);
  if (world.idempotencyIds.has(request.idempotencyId)) return refuse(1014);
  if (request.payMethodCode === 'BANK' && request.bankCode === NO_SUCH_CODE) return refuse(1010);
  if (request.payMethodCode === 'EWALLET' && request.ewalletCode === NO_SUCH_CODE) return refuse(1016);
  return throttle(world, orderKey('payout', request.mchOrderId), request.amount);
};

const statusData = (world: World, transaction: Transaction) => ({
  mchOrderId: transaction.mchOrderId,
  transactionId: transaction.transactionId,
  amount: transaction.amount,
  transactionStatus: transaction.status,
  createTime: timeText(world, transaction.createdAt),
  returnTime: transaction.completedAt === null ? null : timeText(world, transaction.completedAt),
  remark: transaction.remark,
  failedCode: transaction.failedCode,
  failedMessage: transaction.failedCode === null ? null : failureMessage(transaction.failedCode),
});

export const payout: Handlers<'payout'> = {
  create: (request, world) => {
    const refusal = refusalOf(request, world);
    if (refusal !== null) return refusal;
    const { mchOrderId, amount, remark } = request;
    const receivingChannel = request.payMethodCode === 'BANK' ? request.bankCode : request.ewalletCode;
    const opened = {
      product: 'payout',
      prefix: 'D',
      mchOrderId,
      amount,
      remark,
      details: { receivingChannel },
    } as const;
    const transaction = openTransaction(world, opened);
    if (world.balance < 0) {
      world.balance += amount + transaction.fee;
      world.transactions.delete(transaction.transactionId);
      return refuse(1006);
    }
    world.idempotencyIds.add(request.idempotencyId);
    const { transactionId, status, createdAt } = transaction;
    const data = { mchOrderId, transactionId, transactionStatus: status, createTime: timeText(world, createdAt) };
    return replyByRule(
      succeed(data, () => endByRule(world, transaction)),
      amount,
    );
  },
  status: ({ mchOrderId }, world) => {
    const transaction = transactionOfOrder(world, 'payout', mchOrderId);
    return transaction === undefined ? refuse(1008) : succeed(statusData(world, transaction));
  },
};
