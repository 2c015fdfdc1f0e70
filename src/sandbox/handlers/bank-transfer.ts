import { succeed } from '../reply.ts';
import type { Account } from '../world.ts';
import { type Handlers, replyIfFound } from './handler.ts';
import { addChannels, listPayments, openAccount } from './static-accounts.ts';

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
    replyIfFound(world.bankAccounts, mchOrderId, (account) => {
      addChannels(world, account, { channelCode, prefix: PREFIX });
      return succeed(dataOf(account));
    }),
  payments: (query, world) =>
    replyIfFound(world.bankAccounts, query.mchOrderId, () => listPayments(world, 'bank-transfer', query)),
};
