import { callbackFields, isReported } from './callback-fields.ts';
import type { SandboxProduct } from './options.ts';
import { type Reply, refuse } from './reply.ts';
import { ruleOf, type SandboxStatus } from './rules.ts';
import { enterCompleted, enterCreated } from './statements.ts';
import { nextId, orderKey, type Transaction, type World } from './world.ts';

/** A new transaction; members left out become null. */
export type NewTransaction = {
  readonly product: SandboxProduct;
  /** First letters of its id. */
  readonly prefix: string;
  readonly mchOrderId: string;
  readonly amount: number;
  readonly channelCode?: string | null;
  readonly callbackUrl?: string | null | undefined;
  readonly remark?: string | null | undefined;
  readonly details?: Readonly<Record<string, string | null>>;
};

/** PHP 10.00 for a payout, 2 % of a payment, nothing for a refund. */
const PAYOUT_FEE = 1000;
const feeOf = (product: SandboxProduct, amount: number): number => {
  if (product === 'payout') return PAYOUT_FEE;
  return product === 'refund' ? 0 : Math.round(amount / 50);
};

/** Opens a transaction as PENDING. A payout is debited immediately. */
export const openTransaction = (world: World, given: NewTransaction): Transaction => {
  const { product, prefix, mchOrderId, amount } = given;
  const transaction: Transaction = {
    product,
    transactionId: nextId(world, prefix),
    mchOrderId,
    amount,
    fee: feeOf(product, amount),
    channelCode: given.channelCode ?? null,
    createdAt: world.settings.now(),
    callbackUrl: given.callbackUrl ?? null,
    remark: given.remark ?? null,
    details: given.details ?? {},
    status: 'PENDING',
    completedAt: null,
    failedCode: null,
  };
  world.transactions.set(transaction.transactionId, transaction);
  enterCreated(world, transaction);
  world.orders.set(orderKey(product, mchOrderId), transaction.transactionId);
  if (product === 'payout') world.balance -= amount + transaction.fee;
  return transaction;
};

const moveMoney = (world: World, { product, status, amount, fee }: Transaction): void => {
  if (product === 'payout') {
    if (status !== 'COMPLETE') world.balance += amount + fee; // given back
  } else if (status === 'COMPLETE') {
    world.balance += product === 'refund' ? -amount : amount - fee;
  }
};

/** How a transaction ends. */
export type End = { readonly status: SandboxStatus; readonly failedCode: number | null };

/**
 * Ends a PENDING transaction and sends its callback. A transaction that has ended, or is to stay pending, does not
 * change. It has changed when this function returns; the promise is for its callback.
 */
export const endTransaction = async (
  world: World,
  transaction: Transaction,
  { status, failedCode }: End,
): Promise<void> => {
  if (transaction.status !== 'PENDING' || status === 'PENDING') return;
  const completedAt = world.settings.now();
  Object.assign(transaction, { status, failedCode, completedAt });
  enterCompleted(world, transaction, completedAt);
  moveMoney(world, transaction);
  if (!isReported(transaction)) return;
  const { callbackUrls, callbackUrl } = world.settings;
  const url = transaction.callbackUrl ?? callbackUrls[transaction.product] ?? callbackUrl;
  await world.sender.send({ product: transaction.product, url, fields: callbackFields(world, transaction) });
};

/** Ends a transaction by the rule of its amount, after `delayMs`. */
export const endByRule = (world: World, transaction: Transaction): void =>
  world.sender.later(world.settings.delayMs, () => void endTransaction(world, transaction, ruleOf(transaction.amount)));

/** Refuses a creation the first time if its amount asks for it (.06). */
export const throttle = (world: World, key: string, amount: number): Reply | null => {
  if (ruleOf(amount).reply !== 'throttled' || world.throttled.has(key)) return null;
  world.throttled.add(key);
  return refuse(1013);
};

/** The reply to a creation that was carried out, by the rule of its amount: as it is, lost, or 1018. */
export const replyByRule = (success: Reply, amount: number): Reply => {
  const { reply } = ruleOf(amount);
  const after = success.after === undefined ? {} : { after: success.after };
  if (reply === 'transient') return { ...refuse(1018), ...after };
  return reply === 'lost' ? { ...success, isLost: true } : success;
};
