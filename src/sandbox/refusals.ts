/** Codes of a state that the sandbox does not have by itself: a creation asks for one of them in its free text. */
const ASKED_FOR = 'the free text of a creation (`remark`, `refundReason`, `description`) is this code';

const refusal = (message: string, when: string) => ({ message, when });

/**
 * The codes that the sandbox refuses with, and when.
 *
 * @see PAYCOOLS.md 11.1 and 11.2 (https://docs.paycools.com.ph, page "API General Code")
 */
export const refusals = {
  1001: refusal('merchant appId invalid', 'another `appId` than the one of the sandbox, or none'),
  1002: refusal('request ip not in the merchant ip list', ASKED_FOR),
  1003: refusal('request sign invalid', 'the signature is not that of the key of the merchant over what was sent'),
  1004: refusal('merchant unavailable', ASKED_FOR),
  1005: refusal('merchant institute unavailable', ASKED_FOR),
  1006: refusal('merchant balance insufficient', 'a payout and its fee are more than the balance'),
  1007: refusal('transaction exceeds limit', 'an amount above the limit of the call'),
  1008: refusal('Transaction Not Found', 'an order or transaction that does not exist'),
  1009: refusal(
    'request parameters invalid',
    'any other parameter is missing or wrong, or the timestamp is older than 2 minutes',
  ),
  1010: refusal('bank name invalid', '`bankCode` is `INVALID`'),
  1011: refusal('merchant channel unavailable', '`channelCode` is `UNAVAILABLE`'),
  1012: refusal(
    'merchant order id repeated',
    'the order of a payout, QR code, web payment, checkout or direct debit exists',
  ),
  1013: refusal('merchant access frequency limit', 'more than `requestsPerSecond`, the rule .06, or chaos'),
  1014: refusal('payout idempotency id repeated', 'the `idempotencyId` of a payout was used'),
  1015: refusal('email invalid', '`email` without @ or too long'),
  1016: refusal('ewallet name invalid', '`ewalletCode` is `INVALID`'),
  1017: refusal('the static virtual account exists', 'the order of a virtual account exists'),
  1018: refusal('network failed, please retry', 'the rule .07 (carried out nevertheless), or chaos (not carried out)'),
  1019: refusal('the bank transfer account exists', 'the order of a bank transfer account exists'),
  1020: refusal('dynamic qrcode amount required', 'a dynamic or hybrid QR code without amount'),
  1501: refusal('original transaction id not exist', 'a refund of a payment that does not exist, or its query'),
  1502: refusal('refund in progress', 'another refund of the payment is PENDING'),
  1503: refusal('system error, please contact PayCools', ASKED_FOR),
  1504: refusal('appId not match', ASKED_FOR),
  1505: refusal('refund not allowed', ASKED_FOR),
  1506: refusal('refund amount more than can be refunded', 'the refunds of a payment are more than its amount'),
  1507: refusal('original channel not support refund', 'a payment by virtual account or bank transfer'),
  1508: refusal('channel only supports one refund', ASKED_FOR),
  1509: refusal('original transaction older than 60 days', 'a payment of more than 60 days ago'),
  1510: refusal('channel not support refund', ASKED_FOR),
  1511: refusal('channel not support partial refund', ASKED_FOR),
  1512: refusal('full refund must equal the original amount', ASKED_FOR),
  1513: refusal('refund amount invalid', ASKED_FOR),
  1515: refusal('merchant refund order id repeated', 'the `mchRefundOrderId` exists'),
  1516: refusal('original transaction not completed', 'a payment that is not COMPLETE'),
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
