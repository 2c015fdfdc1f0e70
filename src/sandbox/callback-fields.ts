import type { SandboxProduct } from './options.ts';
import { failureOf } from './rules.ts';
import { refundData, transactionData } from './transaction-data.ts';
import { type Token, type Transaction, timeText, type World } from './world.ts';

type Fields = Readonly<Record<string, string | number | null>>;

/** Prefix of a product's event names, and whether PayCools reports its failures. */
const families = {
  payout: { event: 'disbursement', reportsFailure: true },
  'virtual-account': { event: 'payment', reportsFailure: false },
  'qr-code': { event: 'qrcode.payment', reportsFailure: true },
  'bank-transfer': { event: 'transfer.payment', reportsFailure: false },
  'web-payment': { event: 'h5.payment', reportsFailure: true },
  checkout: { event: 'checkout.payment', reportsFailure: true },
  'direct-debit': { event: 'directdebit.payment', reportsFailure: true },
  refund: { event: 'payment.refund', reportsFailure: true },
} as const satisfies Record<SandboxProduct, { readonly event: string; readonly reportsFailure: boolean }>;

const STATIC_QR = 'QRPH_STATIC_QR';

/** Static codes and accounts send successes only (https://doc.paycools.com/SummaryOfFAQs.html, question 4). */
export const isReported = ({ product, channelCode, status }: Transaction): boolean =>
  status === 'COMPLETE' || (families[product].reportsFailure && channelCode !== STATIC_QR);

const ending = { COMPLETE: 'success', FAILED: 'failed', CLOSED: 'failed', PENDING: 'failed' } as const;

const failureFields = (transaction: Transaction): Fields =>
  transaction.failedCode === null ? {} : failureOf(transaction);

/** @see https://doc.paycools.com/Refund/1.4RefundCallback.html */
const refundFields = (world: World, refund: Transaction): Fields => ({
  eventName: `payment.refund.${refund.status === 'CLOSED' ? 'cancel' : ending[refund.status]}`,
  ...refundData(world, refund),
  ...failureFields(refund),
});

/** Members that the callbacks of only some products have (docs/paycools.md 4). */
const productFields = ({ product, channelCode, mchOrderId, details }: Transaction): Fields => {
  if (product === 'payout') return {};
  if (product === 'bank-transfer') return { channelCode, paymentAccount: details['number'] ?? null };
  if (product === 'virtual-account') {
    return { channelCode, codeMchOrderId: mchOrderId, paymentCode: details['number'] ?? null };
  }
  return { channelCode };
};

/**
 * The fields of the callback about a transaction that has ended.
 *
 * @see docs/paycools.md 4 (https://doc.paycools.com/Disbursement/DisburseCallBackNotice.html and the page of each product)
 */
export const callbackFields = (world: World, transaction: Transaction): Fields => {
  if (transaction.product === 'refund') return refundFields(world, transaction);
  return {
    eventName: `${families[transaction.product].event}.${ending[transaction.status]}`,
    ...transactionData(world, transaction),
    ...productFields(transaction),
    ...failureFields(transaction),
    remark: transaction.remark,
  };
};

const YEAR_MS = 365 * 24 * 3600 * 1000;

/**
 * The fields of a callback about an authorization.
 *
 * @see docs/paycools.md 4.9 (https://jtdoc.paycools.com/DirectDebit/Notification.html)
 */
export const tokenFields = (world: World, token: Token, eventName: string): Fields => ({
  eventName,
  userId: token.userId,
  requestId: token.requestId,
  channelCode: token.channelCode,
  countryCode: 'PH',
  ...(eventName === 'token.create.failed' ? {} : { paytoken: token.payToken, tokenStatus: token.status }),
  ...(token.inactiveAt === null
    ? { expiresTime: timeText(world, world.settings.now() + YEAR_MS) }
    : { inactiveTime: timeText(world, token.inactiveAt), inactiveType: 'MCH_CANCEL' }),
});
