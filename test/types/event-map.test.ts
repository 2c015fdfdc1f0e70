import { expect, expectTypeOf, it } from 'vitest';
import type { Handlers } from '../../src/consumer/index.ts';
import type { Failure } from '../../src/core/event.ts';
import type { Amount } from '../../src/core/money.ts';
import { productEventTypes } from '../../src/products/event.ts';
import type { EventMap, EventOf, EventsOf, EventType } from '../../src/products/event-map.ts';
import { products } from '../../src/products/registry.ts';

const payment = ['succeeded', 'failed', 'pending', 'closed'] as const;

/** Every key of EventMap, listed by hand. */
const every: Readonly<Record<EventType, true>> = Object.fromEntries(
  [
    ...[
      'payout',
      'virtual-account',
      'qr-code',
      'bank-transfer',
      'web-payment',
      'checkout',
      'direct-debit.payment',
    ].flatMap((name) => payment.map((status) => `${name}.${status}`)),
    ...[...payment, 'cancelled'].map((status) => `refund.${status}`),
    ...['activated', 'failed', 'cancelled'].map((status) => `direct-debit.authorization.${status}`),
    ...['updated', 'approved', 'rejected', 'pending'].map((status) => `ekyc.${status}`),
  ].map((name) => [`com.paycools.${name}`, true]),
) as Record<EventType, true>;

it('has every event type of the registry', () => {
  expect(Object.keys(every).toSorted()).toEqual(products.flatMap(productEventTypes).toSorted());
});

it('narrows an event by its type', () => {
  expectTypeOf<
    EventOf<'com.paycools.refund.failed'>['data']['details']['feeRefunded']
  >().toEqualTypeOf<Amount | null>();
  expectTypeOf<EventOf<'com.paycools.payout.failed'>['data']['status']>().toEqualTypeOf<'failed'>();
  expectTypeOf<EventsOf<'direct-debit'>['type']>().toExtend<`com.paycools.direct-debit.${string}`>();
  expectTypeOf<EventOf<'com.paycools.payout.succeeded'>['data']['amount']>().toExtend<Amount>();
  expectTypeOf<EventOf<'com.paycools.payout.pending'>['data']['amount']>().not.toExtend<Amount>();
  expectTypeOf<EventOf<'com.paycools.refund.failed'>['data']['failure']>().toExtend<Failure>();
  expectTypeOf<EventOf<'com.paycools.direct-debit.authorization.failed'>['data']['failure']>().not.toExtend<Failure>();
  expectTypeOf<Failure['reason']>().not.toEqualTypeOf<string>();
  expectTypeOf<keyof EventMap>().toExtend<`com.paycools.${string}`>();
});

it('restricts the names of handlers', () => {
  const handlers: Handlers = {
    'com.paycools.virtual-account.succeeded': ({ data }) => void data.details.paymentCode,
    refund: (event) => {
      if (event.type === 'com.paycools.refund.cancelled') expectTypeOf(event.data.status).toEqualTypeOf<'cancelled'>();
    },
    // @ts-expect-error payouts do not have this status
    'com.paycools.payout.cancelled': () => undefined,
  };
  expect(Object.keys(handlers)).toHaveLength(3);
});
