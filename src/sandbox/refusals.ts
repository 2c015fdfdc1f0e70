/** Codes of a state that the sandbox does not have by itself: a creation asks for one of them in its free text. */
const ASKED_FOR = 'the free text of a creation (`remark`, `refundReason`, `description`) is this code';

/**
 * The codes that the sandbox refuses with, and when.
 *
 * @see PAYCOOLS.md 11.1 and 11.2 (https://docs.paycools.com.ph, page "API General Code")
 */
export const refusals = {
  1001: { message: 'merchant appId invalid', when: 'another `appId` than the one of the sandbox, or none' },
  1002: { message: 'request ip not in the merchant ip list', when: ASKED_FOR },
  1003: {
    message: 'request sign invalid',
    when: 'the signature is not that of the key of the merchant over what was sent',
  },
  1004: { message: 'merchant unavailable', when: ASKED_FOR },
  1005: { message: 'merchant institute unavailable', when: ASKED_FOR },
  1006: { message: 'merchant balance insufficient', when: 'a payout and its fee are more than the balance' },
  1007: { message: 'transaction exceeds limit', when: 'an amount above the limit of the call' },
  1008: { message: 'Transaction Not Found', when: 'an order or transaction that does not exist' },
  1009: {
    message: 'request parameters invalid',
    when: 'any other parameter is missing or wrong, or the timestamp is older than 2 minutes',
  },
  1010: { message: 'bank name invalid', when: '`bankCode` is `INVALID`' },
  1011: { message: 'merchant channel unavailable', when: '`channelCode` is `UNAVAILABLE`' },
  1012: {
    message: 'merchant order id repeated',
    when: 'the order of a payout, QR code, web payment, checkout or direct debit exists',
  },
  1013: { message: 'merchant access frequency limit', when: 'more than `requestsPerSecond`, the rule .06, or chaos' },
  1014: { message: 'payout idempotency id repeated', when: 'the `idempotencyId` of a payout was used' },
  1015: { message: 'email invalid', when: '`email` without @ or too long' },
  1016: { message: 'ewallet name invalid', when: '`ewalletCode` is `INVALID`' },
  1017: { message: 'the static virtual account exists', when: 'the order of a virtual account exists' },
  1018: {
    message: 'network failed, please retry',
    when: 'the rule .07 (carried out nevertheless), or chaos (not carried out)',
  },
  1019: { message: 'the bank transfer account exists', when: 'the order of a bank transfer account exists' },
  1020: { message: 'dynamic qrcode amount required', when: 'a dynamic or hybrid QR code without amount' },
  1501: {
    message: 'original transaction id not exist',
    when: 'a refund of a payment that does not exist, or its query',
  },
  1502: { message: 'refund in progress', when: 'another refund of the payment is PENDING' },
  1503: { message: 'system error, please contact PayCools', when: ASKED_FOR },
  1504: { message: 'appId not match', when: ASKED_FOR },
  1505: { message: 'refund not allowed', when: ASKED_FOR },
  1506: {
    message: 'refund amount more than can be refunded',
    when: 'the refunds of a payment are more than its amount',
  },
  1507: { message: 'original channel not support refund', when: 'a payment by virtual account or bank transfer' },
  1508: { message: 'channel only supports one refund', when: ASKED_FOR },
  1509: { message: 'original transaction older than 60 days', when: 'a payment of more than 60 days ago' },
  1510: { message: 'channel not support refund', when: ASKED_FOR },
  1511: { message: 'channel not support partial refund', when: ASKED_FOR },
  1512: { message: 'full refund must equal the original amount', when: ASKED_FOR },
  1513: { message: 'refund amount invalid', when: ASKED_FOR },
  1515: { message: 'merchant refund order id repeated', when: 'the `mchRefundOrderId` exists' },
  1516: { message: 'original transaction not completed', when: 'a payment that is not COMPLETE' },
} as const;

export type RefusalCode = keyof typeof refusals;

/** Codes from here on are about refunds. */
const REFUND_CODES = 1500;

const codes = new Map(Object.keys(refusals).map((code) => [code, Number(code) as RefusalCode]));

/** The code that a creation asks to be refused with, for states that the sandbox does not have; null for none. */
export const askedRefusal = (parameters: Readonly<Record<string, unknown>>): RefusalCode | null => {
  const { remark, refundReason, description } = parameters;
  const code = codes.get(String(refundReason ?? remark ?? description));
  if (code === undefined || refusals[code].when !== ASKED_FOR) return null;
  return code < REFUND_CODES || refundReason !== undefined ? code : null;
};
