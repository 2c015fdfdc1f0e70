import { type Reply, refuse, succeed } from '../reply.ts';
import { paymentData } from '../transaction-data.ts';
import { createByRule, endTransaction } from '../transactions.ts';
import { nextId, type Transaction, type World } from '../world.ts';
import { type Handlers, listChannels, payerDetails } from './handler.ts';

const CHECKOUT_SECONDS = 3600;

type Query = Parameters<Handlers<'checkout'>['get']>[0];

const withCheckout = (
  world: World,
  { mchOrderId, checkoutId }: Query,
  replyTo: (checkoutId: string, transaction: Transaction) => Reply,
): Reply => {
  const checkout = world.checkouts.get(mchOrderId);
  const transaction = world.transactions.get(checkout?.transactionId ?? '');
  if (checkout === undefined || transaction === undefined) return refuse(1008);
  return checkoutId === undefined || checkoutId === checkout.checkoutId
    ? replyTo(checkout.checkoutId, transaction)
    : refuse(1008);
};

export const checkout: Handlers<'checkout'> = {
  channels: () => listChannels('PH_GCASH_URL', 'QRPH_DYNAMIC_QR'),
  create: (request, world) => {
    if (world.checkouts.has(request.mchOrderId)) return refuse(1012);
    const channelCode = request.channelCodeList?.[0] ?? 'PH_GCASH_URL';
    const details = payerDetails(request);
    const payment = { ...request, product: 'checkout', channelCode, callbackUrl: request.notifyUrl, details } as const;
    return createByRule(world, payment, ({ transactionId, createdAt }) => {
      const checkoutId = nextId(world, 'CH');
      world.checkouts.set(request.mchOrderId, { checkoutId, transactionId });
      const expiresAt = createdAt + (request.expireSeconds ?? CHECKOUT_SECONDS) * 1000;
      return {
        checkoutId,
        checkoutUrl: `https://sandbox.invalid/cashier/${checkoutId}`,
        status: 'PENDING',
        expiresTime: new Date(expiresAt).toISOString().replace('Z', '+00:00'),
      };
    });
  },
  get: (query, world) =>
    withCheckout(world, query, (checkoutId, transaction) =>
      succeed({ checkoutId, ...paymentData(world, transaction) }),
    ),
  close: (query, world) =>
    withCheckout(world, query, (checkoutId, transaction) => {
      const status = transaction.status === 'PENDING' ? 'CLOSED' : transaction.status;
      return succeed(
        { checkoutId, status },
        () => void endTransaction(world, transaction, { status: 'CLOSED', failedCode: null }),
      );
    }),
};
