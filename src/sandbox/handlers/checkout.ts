import { type Reply, refuse, succeed } from '../reply.ts';
import { paymentData } from '../transaction-data.ts';
import { createByRule, endTransaction } from '../transactions.ts';
import { type Checkout, nextId, type Transaction, type World } from '../world.ts';
import { type Handlers, orNull } from './handler.ts';

const CHECKOUT_SECONDS = 3600;

type Found = { readonly checkout: Checkout; readonly transaction: Transaction };
type Which = { readonly mchOrderId: string; readonly checkoutId?: string | undefined };

const withCheckout = (world: World, { mchOrderId, checkoutId }: Which, replyTo: (found: Found) => Reply): Reply => {
  const checkout = world.checkouts.get(mchOrderId);
  const transaction = world.transactions.get(checkout?.transactionId ?? '');
  const isOther = checkoutId !== undefined && checkoutId !== checkout?.checkoutId;
  if (checkout === undefined || transaction === undefined || isOther) return refuse(1008);
  return replyTo({ checkout, transaction });
};

export const checkout: Handlers<'checkout'> = {
  channels: () =>
    succeed(
      ['PH_GCASH_URL', 'QRPH_DYNAMIC_QR'].map((channelCode) => ({
        channelCode,
        channelName: channelCode,
        status: 'ACTIVE',
      })),
    ),
  create: (request, world) => {
    const { mchOrderId, amount, notifyUrl: callbackUrl, remark, email, mobile, customerName } = request;
    if (world.checkouts.has(mchOrderId)) return refuse(1012);
    const details = { appName: orNull(request.appName), customerName, email, mobile };
    const channelCode = request.channelCodeList?.[0] ?? 'PH_GCASH_URL';
    const given = { product: 'checkout', mchOrderId, amount, channelCode, callbackUrl, remark, details } as const;
    return createByRule(world, given, ({ transactionId, createdAt }) => {
      const checkoutId = nextId(world, 'CH');
      world.checkouts.set(mchOrderId, { checkoutId, transactionId });
      const expiresAt = createdAt + (request.expireSeconds ?? CHECKOUT_SECONDS) * 1000;
      return {
        checkoutId,
        checkoutUrl: `https://sandbox.invalid/cashier/${checkoutId}`,
        status: 'PENDING',
        expiresTime: new Date(expiresAt).toISOString().replace('Z', '+00:00'),
      };
    });
  },
  get: (which, world) =>
    withCheckout(world, which, ({ checkout: { checkoutId }, transaction }) =>
      succeed({ checkoutId, ...paymentData(world, transaction) }),
    ),
  close: (which, world) =>
    withCheckout(world, which, ({ checkout: { checkoutId }, transaction }) => {
      const status = transaction.status === 'PENDING' ? 'CLOSED' : transaction.status;
      return succeed(
        { checkoutId, status },
        () => void endTransaction(world, transaction, { status: 'CLOSED', failedCode: null }),
      );
    }),
};
