import type { Failure, FailureReason } from '../core/event.ts';

/**
 * PayCools's failure codes and messages, each with our own reason.
 *
 * @see docs/paycools.md 11.3 (docs.paycools.com.ph, page "API General Code")
 */
export const failures = [
  { code: -10000, message: 'Transaction Service Error', reason: 'service-error' },
  { code: -10001, message: 'Transaction Exceed Limit', reason: 'exceed-limit' },
  { code: -10002, message: 'Transaction Params Error', reason: 'params-error' },
  { code: -10003, message: 'Transaction Insufficient Balance', reason: 'insufficient-balance' },
  { code: -10004, message: 'Transaction Channel Rejected', reason: 'channel-rejected' },
  { code: -10005, message: 'Transaction Destination Account Error', reason: 'destination-account-error' },
  { code: -10006, message: 'Transaction Network Reject', reason: 'network-rejected' },
  { code: -10007, message: 'Transaction Channel Temporarily Close', reason: 'channel-closed' },
  { code: -10008, message: 'Merchant Unavailable Error', reason: 'merchant-unavailable' },
  { code: -10009, message: 'Recipient Account Blocked', reason: 'recipient-blocked' },
  { code: -10010, message: 'Channel Refund Failed', reason: 'refund-failed' },
] as const satisfies readonly { readonly code: number; readonly message: string; readonly reason: FailureReason }[];

const byMessage = new Map<string, FailureReason>(
  failures.map(({ message, reason }) => [message.toLowerCase(), reason]),
);
const byCode = new Map<number, FailureReason>(failures.map(({ code, reason }) => [code, reason]));

/**
 * Reads `failedCode` and `failedMessage`. PayCools renumbered its codes, and its own samples contradict its table, so a
 * message from the table takes precedence over the code. A positive code is looked up as the negative one.
 *
 * @returns code and message as received with our reason, or null if neither was received
 * @see docs/paycools.md 11.3, "Not to be trusted blindly"
 */
export const readFailure = (code: number | string | null, message: string | null): Failure | null => {
  if (code === null && message === null) return null;
  const number = code === null ? Number.NaN : Number(code);
  const reason = byMessage.get(message?.toLowerCase() ?? '') ?? byCode.get(number) ?? byCode.get(-number) ?? 'other';
  return { code, reason, message };
};
