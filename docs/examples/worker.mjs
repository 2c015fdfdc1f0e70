// A worker in plain JavaScript: it handles the events of payouts and prints what they mean.
import { createConsumer } from 'paycools-webhooks/consumer';

const consumer = createConsumer({
  redis: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
  prefix: process.env.QUEUE_PREFIX ?? 'paycools',
  handlers: {
    'com.paycools.payout.succeeded': ({ data }) =>
      console.log(`order ${data.merchantOrderId}: paid ${data.amount.value}`),
    'com.paycools.payout.failed': ({ data }) =>
      console.log(`order ${data.merchantOrderId}: failed, ${data.failure?.reason ?? 'no reason given'}`),
    fallback: (event) => console.log(`order ${event.data.merchantOrderId}: ${event.data.status}`),
  },
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.close());
await consumer.ready({ timeoutMs: 30_000 });
console.log('waits for events');
