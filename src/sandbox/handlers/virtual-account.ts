import { type Reply, succeed } from '../reply.ts';
import type { Account, World } from '../world.ts';
import { type Handlers, replyIfFound } from './handler.ts';
import { addChannels, listPayments, openAccount } from './static-accounts.ts';

const PREFIX = 'PC';
const LINKS = 'https://sandbox.invalid';

const listOf = ({ mchOrderId, numbers }: Account) =>
  [...numbers].map(([channelCode, referenceNumber]) => ({
    mchOrderId,
    channelCode,
    guideUrl: `${LINKS}/repayment/static/guide/${referenceNumber}`,
    referenceNumber,
    biller: 'PAYCOOLS SANDBOX',
  }));

const batchData = (account: Account) => ({ shortLink: shortLinkOf(account), paymentVaList: listOf(account) });
const shortLinkOf = ({ mchOrderId }: Account): string => `${LINKS}/va/${encodeURIComponent(mchOrderId)}`;

type Request = Parameters<Handlers<'virtualAccount'>['createBatch']>[0];

const create = (request: Request, world: World, dataOf: (account: Account) => unknown): Reply =>
  openAccount(world, request, { accounts: world.virtualAccounts, prefix: PREFIX, repeated: 1017, dataOf });

export const virtualAccount: Handlers<'virtualAccount'> = {
  create: (request, world) => create(request, world, (account) => listOf(account)[0]),
  createBatch: (request, world) => create(request, world, batchData),
  update: ({ mchOrderId, channelCode }, world) =>
    replyIfFound(world.virtualAccounts, mchOrderId, (account) => {
      addChannels(world, account, { channelCode, prefix: PREFIX });
      return succeed(batchData(account));
    }),
  cashierUrl: ({ mchOrderId }, world) =>
    replyIfFound(world.virtualAccounts, mchOrderId, (account) => succeed({ shortLink: shortLinkOf(account) })),
  payments: (query, world) =>
    replyIfFound(world.virtualAccounts, query.mchOrderId, () => listPayments(world, 'virtual-account', query)),
  cancel: ({ mchOrderId }, world) =>
    replyIfFound(world.virtualAccounts, mchOrderId, (account) => {
      account.isActive = false;
      const paymentVaList = listOf(account).map(({ guideUrl: _, ...row }) => ({ ...row, status: 'INACTIVE' }));
      return succeed({ paymentVaList });
    }),
};
