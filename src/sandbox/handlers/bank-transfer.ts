import { succeed } from '../reply.ts';
import type { Account } from '../world.ts';
import { type Handlers, withFound } from './handler.ts';
import { addChannels, openAccount, paymentsOf } from './static-accounts.ts';

const PREFIX = '9991';
const LINKS = 'https://sandbox.invalid';

const dataOf = ({ mchOrderId, numbers }: Account) => ({
  shortLink: `${LINKS}/transfer/${encodeURIComponent(mchOrderId)}`,
  paymentAccountList: [...numbers].map(([channelCode, accountNumber]) => ({
    mchOrderId,
    channelCode,
    guideUrl: `${LINKS}/transfer/static/guide/${accountNumber}`,
    receivingBank: 'AllBank',
    accountName: 'PayCools',
    accountNumber,
  })),
});

export const bankTransfer: Handlers<'bankTransfer'> = {
  createBatch: (request, world) =>
    openAccount(world, request, { accounts: world.bankAccounts, prefix: PREFIX, repeated: 1019, dataOf }),
  updateBatch: ({ mchOrderId, channelCode }, world) =>
    withFound(world.bankAccounts, mchOrderId, (account) => {
      addChannels(world, account, { channelCode, prefix: PREFIX });
      return succeed(dataOf(account));
    }),
  payments: (query, world) =>
    withFound(world.bankAccounts, query.mchOrderId, () => paymentsOf(world, 'bank-transfer', query)),
};
