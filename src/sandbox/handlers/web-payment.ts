import { refuse, succeed } from '../reply.ts';
import { paymentData } from '../transaction-data.ts';
import { createByRule } from '../transactions.ts';
import { findTransaction, timeText } from '../world.ts';
import { type Handlers, listChannels, payerDetails, UNAVAILABLE_CHANNEL } from './handler.ts';

/** The link of a web payment is valid for an hour (https://doc.paycools.com/Payment/Collection.html). */
const LINK_MS = 3600 * 1000;

export const webPayment: Handlers<'webPayment'> = {
  create: (request, world) => {
    if (request.channelCode === UNAVAILABLE_CHANNEL) return refuse(1011);
    if (findTransaction(world, 'web-payment', request.mchOrderId) !== undefined) return refuse(1012);
    const payment = { ...request, product: 'web-payment', details: payerDetails(request) } as const;
    return createByRule(world, payment, ({ transactionId, amount, status, createdAt }) => ({
      redirectUrl: `https://sandbox.invalid/pay/${transactionId}`,
      transactionStatus: status,
      transactionAmount: amount,
      transactionId,
      expiresTime: timeText(world, createdAt + LINK_MS),
    }));
  },
  status: ({ transactionId }, world) => {
    const transaction = world.transactions.get(transactionId);
    return transaction?.product === 'web-payment' ? succeed(paymentData(world, transaction)) : refuse(1008);
  },
  channels: () => listChannels('GCASH_URL', 'PAYMAYA_URL'),
};
