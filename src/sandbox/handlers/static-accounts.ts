import type { SandboxProduct } from '../options.ts';
import type { RefusalCode } from '../refusals.ts';
import { type Reply, refuse, succeed } from '../reply.ts';
import { type Account, dayOf, timeOrNull, timeText, type World } from '../world.ts';
import { UNAVAILABLE_CHANNEL } from './handler.ts';

/** Channels of a comma list. */
const channelsOf = (channelCode: string): readonly string[] =>
  channelCode
    .split(',')
    .map((channel) => channel.trim())
    .filter((channel) => channel !== '');

type NewAccount = { readonly mchOrderId: string; readonly appName?: string | undefined; readonly channelCode: string };

const NUMBER_DIGITS = 10;

const nextNumber = (world: World, prefix: string): string => {
  world.count += 1;
  return `${prefix}${String(world.count).padStart(NUMBER_DIGITS, '0')}`;
};

/** Adds the channels that an account does not have yet, each with a number of its own. */
export const addChannels = (
  world: World,
  account: Account,
  { channelCode, prefix }: { readonly channelCode: string; readonly prefix: string },
): void => {
  for (const channel of channelsOf(channelCode)) {
    if (!account.numbers.has(channel)) account.numbers.set(channel, nextNumber(world, prefix));
  }
};

type Opening = {
  readonly accounts: Map<string, Account>;
  /** First characters of its numbers. */
  readonly prefix: string;
  /** The code of an order that has an account. */
  readonly repeated: RefusalCode;
  readonly dataOf: (account: Account) => unknown;
};

/** Opens the account of an order, or refuses to. */
export const openAccount = (
  world: World,
  { mchOrderId, appName = '', channelCode }: NewAccount,
  { accounts, prefix, repeated, dataOf }: Opening,
): Reply => {
  if (channelsOf(channelCode).includes(UNAVAILABLE_CHANNEL)) return refuse(1011);
  if (accounts.has(mchOrderId)) return refuse(repeated);
  const account: Account = { mchOrderId, appName, numbers: new Map(), isActive: true };
  addChannels(world, account, { channelCode, prefix });
  accounts.set(mchOrderId, account);
  return succeed(dataOf(account));
};

type Span = {
  readonly mchOrderId: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly channelCode?: string | undefined;
};

/**
 * The list of payments of 4.5, 5.3 and 6.3: those created on the days from start to end.
 *
 * @see PAYCOOLS.md 8.1 (https://doc.paycools.com/BankTransfer/GetAccountPayments.html)
 */
export const paymentsOf = (world: World, product: SandboxProduct, span: Span): Reply => {
  const channels = span.channelCode === undefined ? null : channelsOf(span.channelCode);
  const payments = [...world.transactions.values()].filter((transaction) => {
    const day = dayOf(world, transaction.createdAt);
    const isOfOrder = transaction.product === product && transaction.mchOrderId === span.mchOrderId;
    const isOfChannel = channels === null || channels.includes(transaction.channelCode ?? '');
    return isOfOrder && isOfChannel && day >= span.startDate && day <= span.endDate;
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
