import { type Reply, refuse, succeed } from '../reply.ts';
import { failureOf } from '../rules.ts';
import { transactionData } from '../transaction-data.ts';
import { createByRule, feeOf } from '../transactions.ts';
import { findTransaction, type Transaction, timeText, type World } from '../world.ts';
import type { Handlers } from './handler.ts';

/** A bank or wallet that does not exist. */
const NO_SUCH_CODE = 'INVALID';

type Create = Parameters<Handlers<'payout'>['create']>[0];

const refusalOf = (request: Create, world: World): Reply | null => {
  if (findTransaction(world, 'payout', request.mchOrderId) !== undefined) return refuse(1012);
  if (world.idempotencyIds.has(request.idempotencyId)) return refuse(1014);
  if (request.payMethodCode === 'BANK' && request.bankCode === NO_SUCH_CODE) return refuse(1010);
  if (request.payMethodCode === 'EWALLET' && request.ewalletCode === NO_SUCH_CODE) return refuse(1016);
  return request.amount + feeOf('payout', request.amount) > world.balance ? refuse(1006) : null;
};

const statusData = (world: World, transaction: Transaction) => ({
  ...transactionData(world, transaction),
  remark: transaction.remark,
  ...failureOf(transaction),
});

export const payout: Handlers<'payout'> = {
  create: (request, world) => {
    const refusal = refusalOf(request, world);
    if (refusal !== null) return refusal;
    const receivingChannel = request.payMethodCode === 'BANK' ? request.bankCode : request.ewalletCode;
    const payment = { ...request, product: 'payout', details: { receivingChannel } } as const;
    return createByRule(world, payment, ({ mchOrderId, transactionId, status, createdAt }) => {
      world.idempotencyIds.add(request.idempotencyId);
      return { mchOrderId, transactionId, transactionStatus: status, createTime: timeText(world, createdAt) };
    });
  },
  status: ({ mchOrderId }, world) => {
    const transaction = findTransaction(world, 'payout', mchOrderId);
    return transaction === undefined ? refuse(1008) : succeed(statusData(world, transaction));
  },
};
