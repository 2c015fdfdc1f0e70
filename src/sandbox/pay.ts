import { parseJson } from '../core/json.ts';
import { ruleOf, type SandboxStatus } from './rules.ts';
import { endTransaction, type NewTransaction, openTransaction } from './transactions.ts';
import { type SandboxTransaction, type Transaction, timeText, type World } from './world.ts';

/** A customer's payment into a QR code or an account that takes many payments. */
export type CustomerPayment = {
  readonly product: 'qr-code' | 'virtual-account' | 'bank-transfer';
  /** The order with which the code or account was created. */
  readonly mchOrderId: string;
  /** Integer centavos. The amount decides how the payment ends, as docs/sandbox.md lists. */
  readonly amount: number;
  /**
   * The channel of the account that is paid into.
   *
   * @defaultValue the account's first channel
   */
  readonly channelCode?: string;
  /** The payer's number, which the payment verification of a virtual account includes. */
  readonly mobile?: string;
  readonly remark?: string;
};

/** Finds the code or account, or throws. */
const targetOf = (
  world: World,
  { product, mchOrderId, channelCode, amount, remark }: CustomerPayment,
): NewTransaction => {
  const payment = { product, mchOrderId, amount, remark };
  const missing = new Error(`the sandbox has no active ${product} of the order ${mchOrderId}`);
  if (product === 'qr-code') {
    const code = world.qrCodes.get(mchOrderId);
    if (code?.status !== 'ACTIVE') throw missing;
    return { ...payment, channelCode: code.channelCode, callbackUrl: code.callbackUrl };
  }
  const account = (product === 'virtual-account' ? world.virtualAccounts : world.bankAccounts).get(mchOrderId);
  const [firstChannel] = account?.numbers.keys() ?? [];
  const channel = channelCode ?? firstChannel ?? '';
  const number = account?.numbers.get(channel);
  if (account?.isActive !== true || number === undefined) throw missing;
  return { ...payment, channelCode: channel, details: { number, appName: account.appName } };
};

const VERIFIED = 2000;

/**
 * Whether the merchant accepts a payment into a virtual account, by a payment verification.
 *
 * @see PAYCOOLS.md 4.3 (https://doc.paycools.com/PaymentCode/RepaymentVerificationAPI.html)
 */
const isAccepted = async (
  world: World,
  { mchOrderId, amount, mobile }: CustomerPayment,
  target: NewTransaction,
): Promise<boolean> => {
  const { callbackUrls, callbackUrl, now } = world.settings;
  const { reply } = await world.sender.ask({
    product: 'virtual-account',
    url: callbackUrls['virtual-account'] ?? callbackUrl,
    fields: {
      eventName: 'payment.verification',
      mchOrderId,
      referenceNumber: target.details?.['number'] ?? '',
      amount,
      mobile: mobile ?? '',
      createTime: timeText(world, now()),
    },
  });
  const read = parseJson(reply ?? '') as { code?: unknown } | null | undefined;
  return read?.code === VERIFIED;
};

/** A customer pays. Rejects where there is no such code or account, or the merchant rejects the payment. */
export const payByCustomer = async (world: World, payment: CustomerPayment): Promise<Transaction> => {
  const target = targetOf(world, payment);
  const needsVerification = world.settings.verifyPayments && payment.product === 'virtual-account';
  if (needsVerification && !(await isAccepted(world, payment, target))) {
    throw new Error('the merchant rejected the payment');
  }
  const transaction = openTransaction(world, target);
  await endTransaction(world, transaction, ruleOf(payment.amount));
  return transaction;
};

type Named = Omit<CustomerPayment, 'product'> & { readonly product?: CustomerPayment['product'] | undefined };

/** Finds what an order is of: a code or an account. */
export const productOfOrder = (world: World, { mchOrderId, product }: Named): CustomerPayment['product'] => {
  if (product !== undefined) return product;
  if (world.virtualAccounts.has(mchOrderId)) return 'virtual-account';
  if (world.qrCodes.has(mchOrderId)) return 'qr-code';
  if (world.bankAccounts.has(mchOrderId)) return 'bank-transfer';
  throw new Error(`the sandbox has no code or account of the order ${mchOrderId}`);
};

/** The last transaction of an order that is PENDING. */
export const pendingOfOrder = (world: World, order: string): Transaction => {
  const pending = [...world.transactions.values()].filter(
    ({ mchOrderId, status }) => mchOrderId === order && status === 'PENDING',
  );
  const last = pending.at(-1);
  if (last === undefined) throw new Error(`the sandbox has no pending transaction of the order ${order}`);
  return last;
};

/** How a PENDING transaction ends by hand. */
export type Completion = {
  readonly transactionId: string;
  readonly status: Exclude<SandboxStatus, 'PENDING'>;
  /**
   * The reason, where the status is FAILED.
   *
   * @defaultValue -10004 (channel rejected)
   */
  readonly failedCode?: number;
};

const CHANNEL_REJECTED = -10_004;

export const completeByHand = async (
  world: World,
  { transactionId, status, failedCode }: Completion,
): Promise<SandboxTransaction> => {
  const transaction = world.transactions.get(transactionId);
  if (transaction?.status !== 'PENDING') throw new Error(`the sandbox has no pending transaction ${transactionId}`);
  await endTransaction(world, transaction, {
    status,
    failedCode: status === 'FAILED' ? (failedCode ?? CHANNEL_REJECTED) : null,
  });
  return transaction;
};
