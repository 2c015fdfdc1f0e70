import { Secret } from '../../src/core/secret.ts';
import { virtualAccount } from '../../src/products/families/virtual-account.ts';
import { signCallback } from '../../src/verify/callback.ts';
import { SECRET } from './service.ts';

/** A genuine payout callback; `change` replaces fields before it is signed. */
export const payoutFields = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  amount: 312500,
  createTime: '2022-05-31 09:38:03',
  eventName: 'disbursement.success',
  mchOrderId: 'CQPL1653961082230623',
  remark: 'cash credit',
  returnTime: '2022-05-31 09:38:56',
  transactionId: 'D1032653961082864323',
  transactionStatus: 'COMPLETE',
  ...change,
});

/** A payment verification as PayCools documents it; `change` replaces fields before it is signed. */
export const verificationFields = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...virtualAccount.paymentVerifications[0]?.example,
  ...change,
});

export const sign = (fields: Record<string, unknown>, secret = SECRET): string =>
  signCallback(fields, new Secret(secret));

export type Reply = { readonly status: number; readonly body: string; readonly headers: Headers };

/** Posts a body as JSON. */
export const post = async (
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Reply> => {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : Buffer.from(body),
  });
  return { status: reply.status, body: await reply.text(), headers: reply.headers };
};

/** Posts a genuine payout callback; `change` replaces fields before it is signed. */
export const postPayout = (publicUrl: string, change: Record<string, unknown> = {}): Promise<Reply> =>
  post(`${publicUrl}/callbacks/payout`, sign(payoutFields(change)));
