import { expect, expectTypeOf, it, onTestFinished } from 'vitest';
import { createConsumer, exampleEvent, type Handlers, merchantOf } from '../../src/consumer/index.ts';
import * as main from '../../src/index.ts';
import { productEventTypes } from '../../src/products/event.ts';
import type { EventType } from '../../src/products/event-map.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { startTestService } from '../support/service.ts';

it('gives findings and unrecognized callbacks to their handlers', async () => {
  const { publicUrl, namespace } = await startTestService();
  const seen: string[] = [];
  const handlers: Handlers = {
    findings: ({ data }, { merchant }) => void seen.push(`${merchant} ${data.kind} ${data.transactionId}`),
    unrecognized: ({ data }) => void seen.push(data.reason),
  };
  const consumer = createConsumer({ redis: namespace.url, prefix: namespace.prefix, handlers });
  onTestFinished(() => consumer.close());
  await post(`${publicUrl}/callbacks`, sign(payoutFields()));
  await post(`${publicUrl}/callbacks`, sign(payoutFields({ amount: 1 })));
  await post(`${publicUrl}/callbacks`, sign({ eventName: 'something.new', amount: 1 }));
  await expect
    .poll(() => seen.toSorted())
    .toEqual(['default conflict D1032653961082864323', 'eventName: is not one that PayCools documents']);
});

it.each(main.products.flatMap(productEventTypes))('makes a valid example of %s', (type) => {
  const event = exampleEvent(type as EventType);
  expect(event).toMatchObject({ type, specversion: '1.0', data: { raw: expect.any(Object) } });
  expect(merchantOf(event)).toBe('default');
});

it('makes an example with overrides', () => {
  const event = exampleEvent('com.paycools.payout.succeeded', {
    source: 'urn:paycools:shop',
    data: { merchantOrderId: 'ORDER1', amount: { minor: 50_010 }, flags: ['reversal'] },
  });
  expectTypeOf(event.data.status).toEqualTypeOf<'succeeded'>();
  expect(event).toMatchObject({
    type: 'com.paycools.payout.succeeded',
    data: {
      status: 'succeeded',
      merchantOrderId: 'ORDER1',
      amount: { minor: 50_010, currency: 'PHP', value: '500.10' },
      flags: ['reversal'],
    },
  });
  expect(merchantOf(event)).toBe('shop');
  expect(main.exampleEvent).toBe(exampleEvent);
});

it('refuses overrides that would make an example invalid', () => {
  const wrong = { data: { createdAt: 'yesterday' } };
  expect(() => exampleEvent('com.paycools.payout.failed', wrong)).toThrow(/createdAt/);
  expect(() => exampleEvent('com.paycools.payout.lost' as EventType)).toThrow('is not an event type');
});
