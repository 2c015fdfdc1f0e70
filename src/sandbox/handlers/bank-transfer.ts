import { refuse, succeed } from '../reply.ts';
import type { Account } from '../world.ts';
import { type Handlers, UNAVAILABLE_CHANNEL } from './handler.ts';
import { addChannels, channelsOf, openAccount, paymentsOf, withAccount } from './static-accounts.ts';

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
  createBatch: (request, world) => {
    if (channelsOf(request.channelCode).includes(UNAVAILABLE_CHANNEL)) return refuse(1011);
    if (world.bankAccounts.has(request.mchOrderId)) return refuse(1019);
    const account = openAccount(world, request, PREFIX);
    world.bankAccounts.set(request.mchOrderId, account);
    return succeed(dataOf(account));
  },
  updateBatch: ({ mchOrderId, channelCode }, world) =>
    withAccount(world.bankAccounts, mchOrderId, (account) => {
      addChannels(world, account, { channelCode, prefix: PREFIX });
      return succeed(dataOf(account));
    }),
  payments: (span, world) =>
    withAccount(world.bankAccounts, span.mchOrderId, () => paymentsOf(world, 'bank-transfer', span)),
};
