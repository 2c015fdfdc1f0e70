import type { PaymentEvent } from '../core/event.ts';
import type { EmittedEvent } from './report.ts';

/** An event as the report shows it. */
export const emittedOf = ({ id, type, data }: PaymentEvent): EmittedEvent => ({
  eventId: id,
  type,
  product: data.product,
  status: data.status,
  transactionId: data.transactionId,
  merchantOrderId: data.merchantOrderId,
  amount: data.amount,
  completedAt: data.completedAt,
});
