import { refuse, succeed } from '../reply.ts';
import { createByRule, endTransaction } from '../transactions.ts';
import { findTransaction, nextId, type QrCode, timeText, type World } from '../world.ts';
import { type Handlers, orNull, replyIfFound } from './handler.ts';
import { listPayments } from './static-accounts.ts';

const dataOf = (world: World, code: QrCode) => ({
  mchOrderId: code.mchOrderId,
  qrcodeId: code.qrcodeId,
  qrcodeContent: `00020101021228sandbox${code.qrcodeId}5204601653036085802PH5916PAYCOOLS SANDBOX6304FFFF`,
  channelCode: code.channelCode,
  callbackUrl: code.callbackUrl,
  createTime: timeText(world, code.createdAt),
  updateTime: timeText(world, code.updatedAt),
  remark: code.remark,
  status: code.status,
  qrLink: `https://sandbox.invalid/qr/${code.qrcodeId}`,
});

type Create = Parameters<Handlers<'qrCode'>['create']>[0];

const openCode = (world: World, { mchOrderId, channelCode, callbackUrl, remark }: Create): QrCode => {
  const now = world.settings.now();
  const code: QrCode = {
    mchOrderId,
    qrcodeId: nextId(world, 'QR'),
    channelCode,
    callbackUrl: orNull(callbackUrl),
    remark: orNull(remark),
    createdAt: now,
    updatedAt: now,
    status: 'ACTIVE',
  };
  world.qrCodes.set(mchOrderId, code);
  return code;
};

export const qrCode: Handlers<'qrCode'> = {
  create: (request, world) => {
    if (world.qrCodes.has(request.mchOrderId)) return refuse(1012);
    if (request.channelCode === 'QRPH_STATIC_QR') return succeed(dataOf(world, openCode(world, request)));
    const payment = { ...request, product: 'qr-code', details: { customerName: request.customerName } } as const;
    return createByRule(world, payment, () => dataOf(world, openCode(world, request)));
  },
  get: ({ mchOrderId }, world) => replyIfFound(world.qrCodes, mchOrderId, (code) => succeed(dataOf(world, code))),
  payments: (query, world) =>
    replyIfFound(world.qrCodes, query.mchOrderId, () => listPayments(world, 'qr-code', query)),
  cancel: ({ mchOrderId }, world) =>
    replyIfFound(world.qrCodes, mchOrderId, (code) => {
      Object.assign(code, { status: 'INACTIVE', updatedAt: world.settings.now() });
      const pending = findTransaction(world, 'qr-code', mchOrderId);
      return succeed(dataOf(world, code), () => {
        if (pending !== undefined) void endTransaction(world, pending, { status: 'CLOSED', failedCode: null });
      });
    }),
  update: ({ mchOrderId, callbackUrl, remark }, world) =>
    replyIfFound(world.qrCodes, mchOrderId, (code) => {
      const changed = { callbackUrl: callbackUrl ?? code.callbackUrl, remark: remark ?? code.remark };
      Object.assign(code, { ...changed, updatedAt: world.settings.now() });
      return succeed(dataOf(world, code));
    }),
};
