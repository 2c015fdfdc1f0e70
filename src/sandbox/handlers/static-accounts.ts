import type { SandboxProduct } from '../options.ts';
import type { RefusalCode } from '../refusals.ts';
import { type Reply, refuse, succeed } from '../reply.ts';
import { type Account, dayOf, timeOrNull, timeText, type World } from '../world.ts';
import { type Handlers, UNAVAILABLE_CHANNEL } from './handler.ts';

/** Splits a list of channels at its commas. */
const channelsOf = (channelCode: string): readonly string[] =>
  channelCode
    .split(',')
    .map((channel) => channel.trim())
    .filter((channel) => channel !== '');

type NewAccount = Parameters<Handlers<'bankTransfer'>['createBatch']>[0];

const NUMBER_DIGITS = 10;

const nextNumber = (world: World, prefix: string): string => {
  world.count += 1;
  return `${prefix}${String(world.count).padStart(NUMBER_DIGITS, '0')}`;
};

/** Adds channels to an account, each with its own number, unless the account has them already. */
export const addChannels = (
  world: World,
  account: Account,
  { channelCode, prefix }: { readonly channelCode: string; readonly prefix: string },
): void => {
  for (const channel of channelsOf(channelCode)) {
    if (!account.numbers.has(channel)) account.numbers.set(channel, nextNumber(world, prefix));
  }
};

type AccountKind = {
  readonly accounts: Map<string, Account>;
  /** Prefix of the account numbers. */
  readonly prefix: string;
  /** The refusal of an order that has an account already. */
  readonly repeated: RefusalCode;
  readonly dataOf: (account: Account) => unknown;
};

/** Opens an account for an order, or refuses to. */
export const openAccount = (
  world: World,
  { mchOrderId, appName = '', channelCode }: NewAccount,
  { accounts, prefix, repeated, dataOf }: AccountKind,
): Reply => {
  if (channelsOf(channelCode).includes(UNAVAILABLE_CHANNEL)) return refuse(1011);
  if (accounts.has(mchOrderId)) return refuse(repeated);
  const account: Account = { mchOrderId, appName, numbers: new Map(), isActive: true };
  addChannels(world, account, { channelCode, prefix });
  accounts.set(mchOrderId, account);
  return succeed(dataOf(account));
};

type Query = Parameters<Handlers<'bankTransfer'>['payments']>[0];

/**
 * Replies to 4.5, 5.3 and 6.3 with the payments that were created on the days from `startDate` to `endDate`.
 *
 * @see docs/paycools.md 8.1 (https://doc.paycools.com/BankTransfer/GetAccountPayments.html)
 */
export const listPayments = (world: World, product: SandboxProduct, query: Query): Reply => {
  const channels = query.channelCode === undefined ? null : channelsOf(query.channelCode);
  const payments = [...world.transactions.values()].filter((transaction) => {
    const day = dayOf(world, transaction.createdAt);
    const isOfOrder = transaction.product === product && transaction.mchOrderId === query.mchOrderId;
    const isOfChannel = channels === null || channels.includes(transaction.channelCode ?? '');
    return isOfOrder && isOfChannel && day >= query.startDate && day <= query.endDate;
  });
  return succeed(
    payments.map(({ transactionId, createdAt, completedAt, amount, channelCode, status, remark }) => ({
      transactionId,
      transactionCreateTime: timeText(world, createdAt),
      transactionReturnTime: timeOrNull(world, completedAt),
      transactionAmount: amount,
      channelCode,
      transactionStatus: status,
      remark,
    })),
  );
};
