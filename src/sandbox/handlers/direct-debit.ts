import { tokenFields } from '../callback-fields.ts';
import { refuse, succeed } from '../reply.ts';
import { ruleOf } from '../rules.ts';
import { paymentData } from '../transaction-data.ts';
import { createByRule } from '../transactions.ts';
import { findTransaction, nextId, type Token, timeOrNull, type World } from '../world.ts';
import { type Handlers, payerDetails, UNAVAILABLE_CHANNEL } from './handler.ts';

const sendTokenCallback = (world: World, token: Token, eventName: string): void => {
  void world.sender.send({
    product: 'direct-debit',
    url: token.notifyUrl,
    fields: tokenFields(world, token, eventName),
  });
};

/** An authorization has no amount: the last two digits of its request id are used instead. */
const authorize = (world: World, token: Token): void => {
  const { status } = ruleOf(Number(/\d{2}$/.exec(token.requestId)?.[0] ?? 0));
  if (status === 'PENDING') return;
  token.status = status === 'COMPLETE' ? 'ACTIVED' : 'INACTIVED';
  sendTokenCallback(world, token, status === 'COMPLETE' ? 'token.create.success' : 'token.create.failed');
};

const activeToken = (world: World, payToken: string): Token | undefined => {
  const token = world.tokens.get(payToken);
  return token?.status === 'ACTIVED' ? token : undefined;
};

export const directDebit: Handlers<'directDebit'> = {
  createAuthorization: ({ userId, requestId, channelCode, notifyUrl }, world) => {
    if (channelCode === UNAVAILABLE_CHANNEL) return refuse(1011);
    if ([...world.tokens.values()].some((token) => token.requestId === requestId)) return refuse(1012);
    const payToken = nextId(world, 'PT');
    const token: Token = { payToken, userId, requestId, channelCode, notifyUrl, status: 'WAITING', inactiveAt: null };
    world.tokens.set(payToken, token);
    const data = { userId, requestId, channelCode, authUrl: `https://sandbox.invalid/authorize/${payToken}` };
    return succeed(data, () => world.sender.later(world.settings.delayMs, () => authorize(world, token)));
  },
  authorizationStatus: ({ userId, payToken }, world) => {
    const tokens = [...world.tokens.values()].filter(
      (token) =>
        token.userId === userId && token.status !== 'WAITING' && (payToken ?? token.payToken) === token.payToken,
    );
    const tokenList = tokens.map(({ channelCode, payToken: paytoken, status, inactiveAt }) => ({
      channelcode: channelCode,
      paytoken,
      tokenStatus: status,
      expiresTime: null,
      inactiveTime: timeOrNull(world, inactiveAt),
      inactiveType: inactiveAt === null ? null : 'MCH_CANCEL',
    }));
    return succeed({ tokenList });
  },
  cancelAuthorization: ({ userId, payToken }, world) => {
    const token = activeToken(world, payToken);
    if (token === undefined || token.userId !== userId) return refuse(1008);
    Object.assign(token, { status: 'INACTIVED', inactiveAt: world.settings.now() });
    return succeed({ tokenStatus: token.status }, () => sendTokenCallback(world, token, 'token.cancel.success'));
  },
  createPayment: (request, world) => {
    if (activeToken(world, request.payToken) === undefined) return refuse(1009, 'payToken');
    if (findTransaction(world, 'direct-debit', request.mchOrderId) !== undefined) return refuse(1012);
    const payment = { ...request, product: 'direct-debit', details: payerDetails(request) } as const;
    return createByRule(world, payment, ({ mchOrderId, transactionId, status, channelCode }) => ({
      mchOrderId,
      transactionId,
      transactionStatus: status,
      channelType: 'EWALLET',
      channelCode,
    }));
  },
  paymentStatus: ({ transactionId }, world) => {
    const transaction = world.transactions.get(transactionId);
    return transaction?.product === 'direct-debit' ? succeed(paymentData(world, transaction)) : refuse(1008);
  },
};
