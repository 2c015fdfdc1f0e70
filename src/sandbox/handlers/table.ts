import type { Endpoints } from '../../client/endpoints/table.ts';
import type { Reply } from '../reply.ts';
import type { World } from '../world.ts';
import { account } from './account.ts';
import { bankTransfer } from './bank-transfer.ts';
import { checkout } from './checkout.ts';
import { directDebit } from './direct-debit.ts';
import { ekyc } from './ekyc.ts';
import type { Handlers } from './handler.ts';
import { payout } from './payout.ts';
import { qrCode } from './qr-code.ts';
import { refund } from './refund.ts';
import { virtualAccount } from './virtual-account.ts';
import { webPayment } from './web-payment.ts';

/** A handler for every call of the endpoints table. */
const handlers: { readonly [Group in keyof Endpoints]: Handlers<Group> } = {
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
};

/** A handler, which gets parameters that the schema of its call has validated. */
export type AnyHandler = (parameters: unknown, world: World) => Reply;

/** The handler of a call, such as `payout.status`. */
export const handlerOf = (call: string): AnyHandler => {
  const [group = '', name = ''] = call.split('.');
  const methods = handlers[group as keyof Endpoints] as Readonly<Record<string, unknown>>;
  return methods[name] as AnyHandler; // the type of `handlers` requires one for each call
};
