import { parseJson } from '../core/json.ts';
import { ruleOf, type SandboxStatus } from './rules.ts';
import { endTransaction, type NewTransaction, openTransaction } from './transactions.ts';
import { type SandboxTransaction, type Transaction, timeText, type World } from './world.ts';

/** A customer's payment into a QR code or an account that takes many payments. */
export type CustomerPayment = {
  readonly product: 'qr-code' | 'virtual-account' | 'bank-transfer';
  /** Order of the code or account. */
  readonly mchOrderId: string;
  /** In integer centavos. Its last two digits decide how the payment ends, see docs/sandbox.md. */
  readonly amount: number;
  /**
   * Channel of the account; ignored for a QR code.
   *
   * @defaultValue the account's first channel
   */
  readonly channelCode?: string;
  /** Mobile number of the payer, which the payment verification of a virtual account contains. */
  readonly mobile?: string;
  readonly remark?: string;
};

/** Finds the code or account to pay into. Throws if there is none. */
const targetOf = (
  world: World,
  { product, mchOrderId, channelCode, amount, remark }: CustomerPayment,
): NewTransaction => {
  const payment = { product, mchOrderId, amount, remark };
  const missing = new Error(`the sandbox has no active ${product} for the order ${mchOrderId}`);
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

/** Code of the merchant's reply that accepts a payment. */
const ACCEPTED = 2000;

/**
 * Asks the merchant, with a payment verification, whether to accept a payment into a virtual account.
 *
 * @see docs/paycools.md 4.3 (https://doc.paycools.com/PaymentCode/RepaymentVerificationAPI.html)
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
  const answer = parseJson(reply ?? '') as { code?: unknown } | null | undefined;
  return answer?.code === ACCEPTED;
};

/** Makes a customer's payment. Throws if there is no such code or account, or if the merchant rejects the payment. */
export const payAsCustomer = async (world: World, payment: CustomerPayment): Promise<Transaction> => {
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

/** Finds the product of the code or account of an order. */
export const findProduct = (world: World, { mchOrderId, product }: Named): CustomerPayment['product'] => {
  if (product !== undefined) return product;
  if (world.virtualAccounts.has(mchOrderId)) return 'virtual-account';
  if (world.qrCodes.has(mchOrderId)) return 'qr-code';
  if (world.bankAccounts.has(mchOrderId)) return 'bank-transfer';
  throw new Error(`the sandbox has no code or account for the order ${mchOrderId}`);
};

/** Finds the newest PENDING transaction of an order. Throws if there is none. */
export const findPending = (world: World, order: string): Transaction => {
  const newest = [...world.transactions.values()].findLast(
    ({ mchOrderId, status }) => mchOrderId === order && status === 'PENDING',
  );
  if (newest === undefined) throw new Error(`the sandbox has no pending transaction for the order ${order}`);
  return newest;
};

/** How to end a PENDING transaction. */
export type Completion = {
  readonly transactionId: string;
  readonly status: Exclude<SandboxStatus, 'PENDING'>;
  /**
   * Reason of a FAILED transaction; ignored for any other status.
   *
   * @defaultValue -10004 (channel rejected)
   */
  readonly failedCode?: number;
};

const CHANNEL_REJECTED = -10_004;

export const completeTransaction = async (
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
