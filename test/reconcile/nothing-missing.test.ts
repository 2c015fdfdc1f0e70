import { expect, it } from 'vitest';
import type { RunStore } from '../../src/reconcile/ports.ts';
import {
  authorizationOf,
  checkoutOf,
  directDebitOf,
  dynamicQrOf,
  holderOf,
  payoutOf,
  refundOf,
  webPaymentOf,
} from '../sandbox/support.ts';
import { allEnded, allEvents, type Stage, startStage } from './stage.ts';

/** Amounts whose endings make the sandbox complete, fail, close, or leave a payment pending. */
const AMOUNTS = [20_000, 20_100, 20_001, 20_200, 20_003, 20_300, 20_009, 20_400, 20_500, 20_002];

const work = async ({ client, sandbox, callbackUrl }: Stage): Promise<void> => {
  const [account, transfer] = [holderOf('GCASH_STATIC_VA'), holderOf('INSTA_TRANSFER_ACC')];
  const code = { ...holderOf('QRPH_STATIC_QR'), channelCode: 'QRPH_STATIC_QR' as const };
  await client.virtualAccount.create(account);
  await client.bankTransfer.createBatch(transfer);
  await client.qrCode.create(code);
  const authorization = authorizationOf(callbackUrl);
  await client.directDebit.createAuthorization(authorization);
  const tokens = await client.directDebit.authorizationStatus({ userId: authorization.userId });
  const token = String(tokens.tokenList[0]?.paytoken);
  for (const amount of AMOUNTS) {
    await client.payout.create(payoutOf(amount));
    await client.qrCode.create(dynamicQrOf(amount));
    await client.checkout.create(checkoutOf(amount, callbackUrl));
    await client.directDebit.createPayment(directDebitOf(amount, token, callbackUrl));
    const { transactionId } = await client.webPayment.create(webPaymentOf(amount, callbackUrl));
    const { transactionStatus } = await client.webPayment.status({ transactionId });
    if (transactionStatus === 'COMPLETE') await client.refund.create(refundOf(transactionId, amount, callbackUrl));
    await sandbox.pay({ product: 'virtual-account', mchOrderId: account.mchOrderId, amount });
    await sandbox.pay({ product: 'bank-transfer', mchOrderId: transfer.mchOrderId, amount });
    await sandbox.pay({ product: 'qr-code', mchOrderId: code.mchOrderId, amount });
  }
};

/** A store that fails before it saves page number N, like a kill at that moment. */
const killedAt = (store: RunStore, page: number): RunStore => {
  let pages = 0;
  return {
    load: (name) => store.load(name),
    save: async (...args) => {
      pages += 1;
      if (pages === page) throw new Error('killed');
      await store.save(...args);
    },
    seen: (name, keys) => store.seen(name, keys),
    findings: (name) => store.findings(name),
    events: (name) => store.events(name),
    rotation: (merchant) => store.rotation(merchant),
    saveRotation: (...args) => store.saveRotation(...args),
    finish: (name, report) => store.finish(name, report),
    recordAbsent: (...args) => store.recordAbsent(...args),
    forgetAbsent: (...args) => store.forgetAbsent(...args),
  };
};

it('finds every event when callbacks are lost, repeated or late and the run is killed half-way', async () => {
  const stage = await startStage({ pageSize: 7, chaos: { lost: 1 / 3, duplicate: 1 / 3, disorder: 0.2 } });
  const working = work(stage);
  await stage.sandbox.settled();
  const early = stage.run({ apply: true });
  await working;
  const first = await early;
  await expect(stage.run({ apply: true }, { store: killedAt(stage.store, 5) })).rejects.toThrow('killed');
  const second = await stage.run({ apply: true });
  await stage.sandbox.settled();
  const third = await stage.run({ apply: true });

  expect(stage.sandbox.callbacks.filter(({ fate }) => fate === 'lost').length).toBeGreaterThan(20);
  expect(await allEvents(stage)).toEqual(allEnded(stage));
  expect([first.findings, second.findings, third.findings]).toEqual([[], [], []]);
  expect(first.emitted + second.emitted).toBeGreaterThan(0);
  expect(third).toMatchObject({ emitted: 0, rows: stage.sandbox.transactions.length, unanswered: 0 });
  expect(third.matched).toBe(third.rows);
  expect(await stage.eventsOf('findings')).toEqual([]);
});
