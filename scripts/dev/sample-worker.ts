// A worker as a merchant would write it: it prints every event.
import { styleText } from 'node:util';
import { type AnyProductEvent, createConsumer } from '../../src/consumer/index.ts';
import { products } from '../../src/index.ts';

const describe = ({ type, subject, data }: AnyProductEvent): string => {
  const amount = data.amount === null ? '' : `${data.amount.currency} ${data.amount.value}`;
  const why = data.failure === null ? '' : `(${data.failure.reason})`;
  return [styleText('bold', type), amount, subject, why, ...data.flags].filter((part) => part !== '').join('  ');
};

const print = (event: AnyProductEvent): void => console.log(`consumed  ${describe(event)}`);

const consumer = createConsumer({
  redis: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379',
  prefix: process.env['QUEUE_PREFIX'] ?? 'paycools',
  handlers: Object.fromEntries(products.map(({ product }) => [product, print])),
  handlesStale: true,
  verification: ({ data: { amount, merchantOrderId } }) => {
    console.log(`answered  accept  ${amount.currency} ${amount.value}  ${merchantOrderId}`);
    return { answer: 'accept' };
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => consumer.close());
await consumer.ready();
console.log(`waiting for events of ${products.map(({ product }) => product).join(', ')}`);
