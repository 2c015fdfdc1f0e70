// Answers whether a virtual-account payment may be collected. PayCools waits, so be quick.
import { createConsumer } from 'paycools-webhooks/consumer';

const LIMIT_CENTAVOS = 1_000_000;

const consumer = createConsumer({
  redis: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379',
  prefix: process.env['QUEUE_PREFIX'] ?? 'paycools',
  handlers: {
    'virtual-account': ({ data }) => console.log(`collected ${data.amount?.value} on ${data.details.paymentCode}`),
  },
  verification: ({ data }) =>
    data.amount.minor > LIMIT_CENTAVOS ? { answer: 'reject', reason: 'amount-over-limit' } : { answer: 'accept' },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => consumer.close());
await consumer.ready({ timeoutMs: 30_000 });
console.log('waits for payment verifications');
