import type { z } from 'zod';
import type { PaymentData, PaymentEvent, Status } from '../core/event.ts';
import type { Amount } from '../core/money.ts';
import type { bankTransferDetails } from './families/bank-transfer.ts';
import type { checkoutDetails } from './families/checkout.ts';
import type { authorizationDetails } from './families/direct-debit.ts';
import type { ekycDetails } from './families/ekyc.ts';
import type { qrCodeDetails } from './families/qr-code.ts';
import type { refundDetails, refundStatuses } from './families/refund.ts';
import type { virtualAccountDetails } from './families/virtual-account.ts';
import type { noDetails, paymentStatuses } from './payment.ts';

type OneOf = 'product' | 'status' | 'details';

/** An event with a known type, family, status and details. */
type Typed<Type extends string, Product extends string, Reached extends Status, Details, Certain> = Omit<
  PaymentEvent,
  'type' | 'data'
> & {
  readonly type: Type;
  readonly data: Omit<PaymentData, OneOf | keyof Certain> &
    Certain & {
      readonly product: Product;
      readonly status: Reached;
      readonly details: Details;
    };
};

/** The members that are never null in events of payments, payouts and refunds, by status. */
type CertainOf<Reached extends Status> = Reached extends 'succeeded'
  ? { readonly amount: Amount }
  : Reached extends 'failed'
    ? { readonly failure: NonNullable<PaymentData['failure']> }
    : unknown;

/** The events of one kind; `Name` is the part between `com.paycools.` and the status. */
type Family<
  Product extends string,
  Name extends string,
  Reached extends Status,
  Details extends z.ZodType,
  IsPayment extends boolean = true,
> = {
  readonly [One in Reached as `com.paycools.${Name}.${One}`]: Typed<
    `com.paycools.${Name}.${One}`,
    Product,
    One,
    z.infer<Details>,
    IsPayment extends true ? CertainOf<One> : unknown
  >;
};

type Payment<
  Product extends string,
  Details extends z.ZodType = typeof noDetails,
  Name extends string = Product,
> = Family<Product, Name, (typeof paymentStatuses)[number], Details>;

/** Every event by its type. `test/types/event-map.test.ts` keeps it consistent with the registry. */
export type EventMap = Payment<'payout'> &
  Payment<'virtual-account', typeof virtualAccountDetails> &
  Payment<'qr-code', typeof qrCodeDetails> &
  Payment<'bank-transfer', typeof bankTransferDetails> &
  Payment<'web-payment'> &
  Family<'refund', 'refund', (typeof refundStatuses)[number], typeof refundDetails> &
  Payment<'checkout', typeof checkoutDetails> &
  Payment<'direct-debit', typeof noDetails, 'direct-debit.payment'> &
  Family<
    'direct-debit',
    'direct-debit.authorization',
    'activated' | 'failed' | 'cancelled',
    typeof authorizationDetails,
    false
  > &
  Family<'ekyc', 'ekyc', 'updated' | 'approved' | 'rejected' | 'pending', typeof ekycDetails, false>;

export type EventType = keyof EventMap;

/** The event of a type: `EventOf<'com.paycools.payout.failed'>`. */
export type EventOf<Type extends EventType> = EventMap[Type];

/** Any event of a family, narrowed by its `type`: `EventsOf<'payout'>`. */
export type EventsOf<Product extends EventMap[EventType]['data']['product']> = Extract<
  EventMap[EventType],
  { readonly data: { readonly product: Product } }
>;
