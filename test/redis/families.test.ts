import { describe, expect, it } from 'vitest';
import type { PaymentEvent } from '../../src/core/event.ts';
import type { JsonRecord } from '../../src/core/json.ts';
import { products } from '../../src/products/registry.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';
import { makeTenth } from '../support/tenth.ts';

const start = async (options: Parameters<typeof startTestService>[0] = {}) => {
  const service = await startTestService(options);
  const send = (product: string, fields: Readonly<Record<string, unknown>>) =>
    post(`${service.publicUrl}/callbacks/${product}`, sign({ ...fields }));
  const events = async (queue: string) => (await waitingEvents(service.namespace, queue)) as PaymentEvent[];
  return { ...service, send, events };
};

const exampleOf = (product: string, eventName: string): JsonRecord => {
  const definition = products.find((it) => it.product === product);
  const examples = definition?.notifications.flatMap((it) => it.examples) ?? [];
  return examples.find(({ fields }) => fields['eventName'] === eventName)?.fields ?? {};
};
const qr = exampleOf('qr-code', 'qrcode.payment.success');
const account = exampleOf('virtual-account', 'payment.success');
const authorized = exampleOf('direct-debit', 'token.create.success');

describe('the families', () => {
  it('accept a made-up tenth family without a change to shared code', async () => {
    const { send, events, opsUrl } = await start({ definitions: makeTenth() });
    const fields = { eventName: 'tenth.payment.success', mchOrderId: 'M', transactionId: 'T', amount: 1 };
    expect((await send('tenth', fields)).status).toBe(200);
    expect(await events('tenth')).toMatchObject([{ type: 'com.paycools.tenth.succeeded', data: { product: 'tenth' } }]);
    expect((await fetch(`${opsUrl}/schemas/tenth.json`)).status).toBe(200);
    const metrics = await (await fetch(`${opsUrl}/metrics`)).text();
    expect(metrics).toContain('paycools_callbacks_total{merchant="default",product="tenth",outcome="accepted"} 1');
  });

  it.each(
    products.flatMap(({ product, notifications }) =>
      notifications.flatMap(({ examples, statuses, name }) => [{ product, name, examples, statuses }]),
    ),
  )('of $product ($name) have an example for each status', async ({ product, examples, statuses }) => {
    const { send, events } = await start();
    for (const [index, { fields }] of examples.entries()) {
      const fresh = { ...fields };
      for (const id of ['transactionId', 'refundTransactionId', 'paytoken', 'requestId']) {
        if (id in fresh) fresh[id as keyof typeof fresh] = `${fields[id]}${index}`;
      }
      await send(product, fresh);
    }
    const seen = (await events(product)).map(({ data }) => data.status);
    expect(new Set(seen)).toEqual(new Set(statuses));
    expect(await events('unrecognized')).toEqual([]);
  });

  it('treat an h5 name at the address of checkout as a misrouted web payment', async () => {
    const { send, events } = await start();
    await send('checkout', exampleOf('web-payment', 'h5.payment.success'));
    expect(await events('checkout')).toEqual([]);
    expect(await events('web-payment')).toMatchObject([{ data: { product: 'web-payment', flags: ['misrouted'] } }]);
  });

  it('are recognized by the event name if the address names no product', async () => {
    const { publicUrl, events } = await start();
    await post(`${publicUrl}/callbacks`, sign({ ...qr }));
    expect(await events('qr-code')).toMatchObject([{ data: { flags: [] } }]);
  });

  it('store a transaction that arrives under two names once, on the queue of the first', async () => {
    const { send, events } = await start();
    await send('qr-code', qr);
    await send('web-payment', { ...qr, eventName: 'h5.payment.success' });
    await send('web-payment', { ...qr, eventName: 'h5.payment.failed', transactionStatus: 'FAILED' });
    expect((await events('qr-code')).map(({ type, data }) => [type, data.flags])).toEqual([
      ['com.paycools.qr-code.succeeded', []],
      ['com.paycools.qr-code.failed', ['reversal']],
    ]);
    expect(await events('web-payment')).toEqual([]);
  });

  it('accept several payments to one static code or account', async () => {
    const { send, events } = await start();
    await send('qr-code', qr);
    await send('qr-code', { ...qr, transactionId: 'C2' });
    await send('virtual-account', account);
    await send('virtual-account', { ...account, transactionId: 'C3' });
    expect([(await events('qr-code')).length, (await events('virtual-account')).length]).toEqual([2, 2]);
  });

  it.each([
    [{ referenceNumber: 'REF1', paymentCode: null }, 'REF1'],
    [{ paymentCode: 'PC1' }, 'PC1'],
  ])('of virtual accounts take the payment code from %j', async (change, paymentCode) => {
    const { send, events } = await start();
    await send('virtual-account', { ...account, ...change });
    expect(await events('virtual-account')).toMatchObject([{ data: { details: { paymentCode } } }]);
  });

  it('of virtual accounts take aggregateOrderId as the order, and require one of the two', async () => {
    const { send, events } = await start();
    const { mchOrderId: _, ...orderless } = account;
    await send('virtual-account', { ...orderless, aggregateOrderId: 'AGG1' });
    await send('virtual-account', { ...orderless, transactionId: 'C9' });
    expect(await events('virtual-account')).toMatchObject([{ data: { merchantOrderId: 'AGG1' } }]);
    expect(await events('unrecognized')).toMatchObject([
      { data: { reason: 'mchOrderId: is missing, and so is aggregateOrderId' } },
    ]);
  });

  it('of direct debit accept authorizations without amount and transaction, and keep the token out of keys and logs', async () => {
    const { send, events, namespace, logLines } = await start();
    await send('direct-debit', authorized);
    expect(await events('direct-debit')).toMatchObject([
      {
        type: 'com.paycools.direct-debit.authorization.activated',
        data: { amount: null, transactionId: null, details: { token: authorized['paytoken'] } },
      },
    ]);
    const keys = await namespace.redis.keys(`${namespace.prefix}:*`);
    expect([...keys, ...logLines].join()).not.toContain(authorized['paytoken']);
  });

  it('of direct debit refuse a token that is both created and inactive', async () => {
    const { send, events } = await start();
    await send('direct-debit', { ...authorized, tokenStatus: 'INACTIVED' });
    expect(await events('unrecognized')).toMatchObject([
      { data: { reason: 'the status word says cancelled but the event name says activated' } },
    ]);
  });

  it('of direct debit flag an activation after a cancellation as stale', async () => {
    const { send, events } = await start();
    await send('direct-debit', { ...authorized, eventName: 'token.cancel.success', tokenStatus: 'INACTIVED' });
    await send('direct-debit', authorized);
    expect((await events('direct-debit')).map(({ data }) => data.flags)).toEqual([[], ['stale']]);
  });

  it.each([
    ['no known field', { whatever: 'x' }, 'updated', null],
    ['a status word', { requestId: 'K1', status: 'REJECTED' }, 'rejected', 'K1'],
    ['an ambiguous word', { userId: 'U1', result: 'DONE' }, 'updated', 'U1'],
    [
      'values that are not ids',
      { userId: { a: 1 }, requestId: '\u0007', mchOrderId: 'M 1', kycStatus: 'approve' },
      'approved',
      'M 1',
    ],
  ])('of eKYC accept a body with %s', async (_name, fields, status, subject) => {
    const { send, events } = await start();
    await send('ekyc', fields);
    expect(await events('ekyc')).toMatchObject([
      {
        type: `com.paycools.ekyc.${status}`,
        subject: subject ?? expect.stringMatching(/^[0-9a-f]{32}$/),
        data: { raw: fields },
      },
    ]);
  });

  it('assign an event name of another family at the eKYC address to that family', async () => {
    const { send, events } = await start();
    await send('ekyc', payoutFields());
    expect(await events('payout')).toMatchObject([{ data: { flags: ['misrouted'] } }]);
  });
});
