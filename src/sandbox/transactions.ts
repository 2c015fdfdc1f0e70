import { callbackFields, isReported } from './callback-fields.ts';
import type { SandboxProduct } from './options.ts';
import { type Reply, refuse, succeed } from './reply.ts';
import { ruleOf, type SandboxStatus } from './rules.ts';
import { enterCompleted, enterCreated } from './statements.ts';
import { nextId, orderKey, type Transaction, type World } from './world.ts';

/** A new transaction; omitted members become null. */
export type NewTransaction = {
  readonly product: SandboxProduct;
  readonly mchOrderId: string;
  readonly amount: number;
  readonly channelCode?: string | null;
  readonly callbackUrl?: string | null | undefined;
  readonly remark?: string | null | undefined;
  readonly details?: Readonly<Record<string, string | null>>;
};

/** PHP 10.00 for a payout, 2 % of a payment, nothing for a refund. */
const PAYOUT_FEE = 1000;
export const feeOf = (product: SandboxProduct, amount: number): number => {
  if (product === 'payout') return PAYOUT_FEE;
  return product === 'refund' ? 0 : Math.round(amount / 50);
};

/** First letter of the ids of a product's transactions. */
const prefixOf = (product: SandboxProduct): string => {
  if (product === 'payout') return 'D';
  return product === 'refund' ? 'R' : 'C';
};

/** Opens a transaction as PENDING. A payout is debited immediately. */
export const openTransaction = (world: World, given: NewTransaction): Transaction => {
  const { product, mchOrderId, amount } = given;
  const transaction: Transaction = {
    product,
    transactionId: nextId(world, prefixOf(product)),
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
    if (status !== 'COMPLETE') world.balance += amount + fee; // a payout is debited when it is created
  } else if (status === 'COMPLETE') {
    world.balance += product === 'refund' ? -amount : amount - fee;
  }
};

export type End = { readonly status: SandboxStatus; readonly failedCode: number | null };

/**
 * Ends a PENDING transaction and sends its callback. Does nothing if the transaction has already ended, or is to remain
 * pending. The transaction changes at once; the promise resolves when its callback has been sent.
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
const endByRule = (world: World, transaction: Transaction): void =>
  world.sender.later(world.settings.delayMs, () => void endTransaction(world, transaction, ruleOf(transaction.amount)));

/** Whether the rule .06 refuses a creation, which it does only the first time. */
const isThrottled = (world: World, { product, mchOrderId, amount }: NewTransaction): boolean => {
  const key = orderKey(product, mchOrderId);
  if (ruleOf(amount).reply !== 'throttled' || world.throttled.has(key)) return false;
  world.throttled.add(key);
  return true;
};

/**
 * Creates a transaction by the rule of its amount: the creation is refused the first time, or carried out and replied to
 * with `dataOf` the transaction, with 1018, or not at all. The transaction ends by the same rule after the reply.
 */
export const createByRule = (
  world: World,
  given: NewTransaction,
  dataOf: (transaction: Transaction) => unknown,
): Reply => {
  if (isThrottled(world, given)) return refuse(1013);
  const transaction = openTransaction(world, given);
  const after = (): void => endByRule(world, transaction);
  const success = succeed(dataOf(transaction), after);
  const { reply } = ruleOf(given.amount);
  if (reply === 'transient') return { ...refuse(1018), after };
  return reply === 'lost' ? { ...success, isLost: true } : success;
};
