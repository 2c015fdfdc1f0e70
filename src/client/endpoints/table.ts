import { account } from './account.ts';
import { bankTransfer } from './bank-transfer.ts';
import { checkout } from './checkout.ts';
import type { Endpoint } from './definition.ts';
import { directDebit } from './direct-debit.ts';
import { ekyc } from './ekyc.ts';
import { payout } from './payout.ts';
import { qrCode } from './qr-code.ts';
import { refund } from './refund.ts';
import { virtualAccount } from './virtual-account.ts';
import { webPayment } from './web-payment.ts';

/** Every call of PayCools's API, by group and method of the client (docs/paycools.md 1 and 8). */
export const endpoints = {
  account,
  payout,
  virtualAccount,
  qrCode,
  bankTransfer,
  webPayment,
  refund,
  checkout,
  directDebit,
  ekyc,
} as const satisfies Readonly<Record<string, Readonly<Record<string, Endpoint>>>>;

export type Endpoints = typeof endpoints;

/** Name of a call, such as `payout.status`. */
export type CallName = {
  [Group in keyof Endpoints]: `${Group}.${keyof Endpoints[Group] & string}`;
}[keyof Endpoints];

/** The table as a list, in the order of PayCools's menu. */
export const endpointList: readonly { readonly call: CallName; readonly endpoint: Endpoint }[] = Object.entries(
  endpoints,
).flatMap(([group, methods]) =>
  Object.entries<Endpoint>(methods).map(([method, endpoint]) => ({
    call: `${group}.${method}` as CallName,
    endpoint,
  })),
);

const byCall: ReadonlyMap<string, Endpoint> = new Map(endpointList.map(({ call, endpoint }) => [call, endpoint]));

/** Finds a call by any string; undefined if there is no such call. */
export const findEndpoint = (call: string): Endpoint | undefined => byCall.get(call);
