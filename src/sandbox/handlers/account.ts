import { succeed } from '../reply.ts';
import { statementPage } from '../statements.ts';
import { type Transaction, timeOrNull, timeText, type World } from '../world.ts';
import type { Handlers } from './handler.ts';

/** Members of the rows of both statements. Only here are amounts in pesos. */
const commonRow = (
  world: World,
  { mchOrderId, transactionId, amount, fee, status, createdAt, completedAt }: Transaction,
) => ({
  merchantOrderId: mchOrderId,
  transactionId,
  amount: amount / 100, // the nearest double, which JSON prints as the exact decimal
  fee: fee / 100,
  status,
  createTime: timeText(world, createdAt),
  completeTime: timeOrNull(world, completedAt),
});

const METHODS: Readonly<Record<string, string>> = {
  'qr-code': 'QR Code',
  'virtual-account': 'Bills Payment',
  'bank-transfer': 'Bank Transfer',
  'web-payment': 'Web Payment',
  checkout: 'Checkout',
  'direct-debit': 'Direct Debit',
};

export const account: Handlers<'account'> = {
  balance: (_, { balance }) => succeed({ balance }),
  paymentStatement: (query, world) => {
    const records = statementPage(world, 'payment', query).map((row) => ({
      ...commonRow(world, row),
      paymentMethod: METHODS[row.product],
      paymentChannel: row.channelCode,
      name: row.details['customerName'] ?? null,
      mobile: row.details['mobile'] ?? null,
      appName: row.details['appName'] ?? null,
    }));
    return succeed({ records });
  },
  payoutStatement: (query, world) => {
    const records = statementPage(world, 'payout', query).map((row) => ({
      ...commonRow(world, row),
      remittingBank: 'Sandbox Bank',
      remittingAccount: '999****0000',
      recipientName: 'xxxx****xxxx',
      recipientAccount: 'xxx****xxxx',
      receivingChannel: row.details['receivingChannel'] ?? null,
    }));
    return succeed({ records });
  },
};
