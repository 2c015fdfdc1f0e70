/** A group of PayCools's codes, for programs. */
export type ApiErrorKind =
  | 'auth'
  | 'configuration'
  | 'validation'
  | 'conflict'
  | 'not-found'
  | 'rate-limit'
  | 'balance'
  | 'transient'
  | 'unknown';

/** A documented code of PayCools. */
export type ApiCode = { readonly code: number; readonly kind: ApiErrorKind; readonly meaning: string };

const table = (rows: readonly (readonly [number, ApiErrorKind, string])[]): readonly ApiCode[] =>
  rows.map(([code, kind, meaning]) => ({ code, kind, meaning }));

/**
 * Every documented code that does not mean success.
 *
 * @see docs/paycools.md 11.1 and 11.2 (https://docs.paycools.com.ph, page "API General Code")
 */
export const apiCodes: readonly ApiCode[] = table([
  [1001, 'auth', 'merchant appId is invalid'],
  [1002, 'auth', "our address is not on the merchant's IP list"],
  [1003, 'auth', 'request sign is invalid'],
  [1004, 'configuration', 'merchant unavailable'],
  [1005, 'configuration', 'merchant institute unavailable'],
  [1006, 'balance', 'merchant balance insufficient'],
  [1007, 'validation', 'transaction exceeds limit'],
  [1008, 'not-found', 'transaction not found'],
  [1009, 'validation', 'request parameters invalid'],
  [1010, 'validation', 'bank name invalid'],
  [1011, 'configuration', 'merchant channel unavailable'],
  [1012, 'conflict', 'merchant order id repeated'],
  [1013, 'rate-limit', 'merchant access frequency limit'],
  [1014, 'conflict', 'payout idempotency id repeated'],
  [1015, 'validation', 'email invalid'],
  [1016, 'validation', 'e-wallet name invalid'],
  [1017, 'conflict', 'the static virtual account exists'],
  [1018, 'transient', 'network failed, please retry'],
  [1019, 'conflict', 'the bank transfer account exists'],
  [1020, 'validation', 'dynamic QR code without amount'],
  [1501, 'not-found', 'original transaction id does not exist'],
  [1502, 'conflict', 'refund is in progress'],
  [1503, 'transient', 'system error, contact PayCools'],
  [1504, 'auth', 'appId does not match'],
  [1505, 'conflict', 'refund not allowed'],
  [1506, 'validation', 'more than can be refunded'],
  [1507, 'validation', 'channel of the original does not support refunds'],
  [1508, 'conflict', 'channel allows one refund only'],
  [1509, 'validation', 'original older than 60 days'],
  [1510, 'validation', 'channel of the original does not support refund'],
  [1511, 'validation', 'channel does not support partial refunds'],
  [1512, 'validation', 'a full refund must equal the original amount'],
  [1513, 'validation', 'refund amount invalid'],
  [1515, 'conflict', 'merchant refund order id repeated'],
  [1516, 'conflict', 'original transaction is not completed'],
]);

const byCode: ReadonlyMap<number | string, ApiCode> = new Map(apiCodes.map((row) => [row.code, row]));

/** Describes a code; an undocumented one has the kind `unknown`. */
export const describeApiCode = (code: number | string): Pick<ApiCode, 'kind' | 'meaning'> =>
  byCode.get(code) ?? { kind: 'unknown', meaning: 'an undocumented code' };

/** Codes for an order that exists already: after a retry they mean that an earlier attempt arrived. */
const REPEATED: ReadonlySet<number | string> = new Set([1012, 1014, 1017, 1019, 1502, 1515]);

export const isRepeatedOrder = (code: number | string): boolean => REPEATED.has(code);
