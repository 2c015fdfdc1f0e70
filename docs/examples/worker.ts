// A worker in TypeScript: it handles events of payouts and refunds and prints what they mean.
import { createConsumer, PermanentFailure } from 'paycools-webhooks/consumer';

const consumer = createConsumer({
  redis: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379',
  prefix: process.env['QUEUE_PREFIX'] ?? 'paycools',
  handlers: {
    'com.paycools.payout.succeeded': async ({ data }, { once }) => {
      await once(async () => console.log(`paid ${data.amount?.value} for order ${data.merchantOrderId}`));
    },
    'com.paycools.payout.failed': ({ data }) => {
      if (data.merchantOrderId === null) throw new PermanentFailure('a payout without an order');
      console.log(`order ${data.merchantOrderId} failed: ${data.failure?.reason ?? 'no reason given'}`);
    },
    refund: (event) => console.log(`refund of ${event.data.details.originalTransactionId}: ${event.data.status}`),
    fallback: (event) => console.log(`not of interest: ${event.type}`),
  },
}); // without hooks it reports errors on stderr

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => consumer.close());
await consumer.ready({ timeoutMs: 30_000 });
console.log('waits for events');
