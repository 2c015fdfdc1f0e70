/** For codes whose cause the sandbox does not simulate: a creation can request them. */
const REQUESTED = 'the free text of a creation (`remark`, `refundReason`, `description`) is this code';

const refusal = (message: string, when: string) => ({ message, when });

/**
 * The codes that the sandbox refuses requests with, and when it does.
 *
 * @see docs/paycools.md 11.1 and 11.2 (https://docs.paycools.com.ph, page "API General Code")
 */
export const refusals = {
  1001: refusal('merchant appId invalid', '`appId` is missing, or is not that of the sandbox'),
  1002: refusal('request ip not in the merchant ip list', REQUESTED),
  1003: refusal('request sign invalid', "the signature does not match the request and the merchant's key"),
  1004: refusal('merchant unavailable', REQUESTED),
  1005: refusal('merchant institute unavailable', REQUESTED),
  1006: refusal('merchant balance insufficient', 'a payout and its fee exceed the balance'),
  1007: refusal('transaction exceeds limit', 'an amount exceeds the limit of the call'),
  1008: refusal('Transaction Not Found', 'the order or transaction does not exist'),
  1009: refusal(
    'request parameters invalid',
    'any other parameter is missing or invalid, or the timestamp is more than 2 minutes off',
  ),
  1010: refusal('bank name invalid', '`bankCode` is `INVALID`'),
  1011: refusal('merchant channel unavailable', '`channelCode` is `UNAVAILABLE`'),
  1012: refusal(
    'merchant order id repeated',
    'the order of a payout, QR code, web payment, checkout or direct debit exists already',
  ),
  1013: refusal('merchant access frequency limit', 'more requests than `requestsPerSecond`, the rule .06, or chaos'),
  1014: refusal('payout idempotency id repeated', 'the `idempotencyId` of a payout has been used already'),
  1015: refusal('email invalid', '`email` has no @ or is too long'),
  1016: refusal('ewallet name invalid', '`ewalletCode` is `INVALID`'),
  1017: refusal('the static virtual account exists', 'the order of a virtual account exists already'),
  1018: refusal(
    'network failed, please retry',
    'the rule .07 (the creation is carried out all the same), or chaos (it is not)',
  ),
  1019: refusal('the bank transfer account exists', 'the order of a bank transfer account exists already'),
  1020: refusal('dynamic qrcode amount required', 'a dynamic or hybrid QR code has no amount'),
  1501: refusal('original transaction id not exist', 'the payment to refund, or to list refunds of, does not exist'),
  1502: refusal('refund in progress', 'another refund of the payment is PENDING'),
  1503: refusal('system error, please contact PayCools', REQUESTED),
  1504: refusal('appId not match', REQUESTED),
  1505: refusal('refund not allowed', REQUESTED),
  1506: refusal('refund amount more than can be refunded', 'the refunds of a payment exceed its amount'),
  1507: refusal('original channel not support refund', 'the payment was by virtual account or bank transfer'),
  1508: refusal('channel only supports one refund', REQUESTED),
  1509: refusal('original transaction older than 60 days', 'the payment is older than 60 days'),
  1510: refusal('channel not support refund', REQUESTED),
  1511: refusal('channel not support partial refund', REQUESTED),
  1512: refusal('full refund must equal the original amount', REQUESTED),
  1513: refusal('refund amount invalid', REQUESTED),
  1515: refusal('merchant refund order id repeated', 'the `mchRefundOrderId` exists already'),
  1516: refusal('original transaction not completed', 'the payment is not COMPLETE'),
} as const;

export type RefusalCode = keyof typeof refusals;

/** Codes above this one are about refunds. */
const REFUND_CODES = 1500;

const codes = new Map(Object.keys(refusals).map((code) => [code, Number(code) as RefusalCode]));

/** The code that a creation requests in its free text; null if it requests none. */
export const requestedRefusal = (parameters: Readonly<Record<string, unknown>>): RefusalCode | null => {
  const { remark, refundReason, description } = parameters;
  const code = codes.get(String(refundReason ?? remark ?? description));
  if (code === undefined || refusals[code].when !== REQUESTED) return null;
  return code < REFUND_CODES || refundReason !== undefined ? code : null;
};
