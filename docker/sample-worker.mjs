// A sample worker: it prints every event and accepts every payment verification. For a real one, see docs/consuming.md.
// Never run it next to your own worker: an event that it has printed is completed.
import { readFileSync } from 'node:fs';
import { products } from 'paycools-webhooks';
import { createConsumer } from 'paycools-webhooks/consumer';

const { REDIS_URL, REDIS_URL_FILE, QUEUE_PREFIX } = process.env;

const print = ({ type, subject, data }) => {
  const amount = data.amount === null ? '' : `${data.amount.currency} ${data.amount.value}`;
  process.stdout.write(`consumed ${[type, amount, subject, ...data.flags].filter(Boolean).join(' ')}\n`);
};

const consumer = createConsumer({
  redis: REDIS_URL_FILE ? readFileSync(REDIS_URL_FILE, 'utf8').trim() : (REDIS_URL ?? 'redis://127.0.0.1:6379'),
  prefix: QUEUE_PREFIX ?? 'paycools',
  handlers: Object.fromEntries(products.map(({ product }) => [product, print])),
  handlesStale: true,
  verification: () => ({ answer: 'accept' }),
  onError: ({ message }) => process.stderr.write(`${message}\n`),
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.close());
await consumer.ready();
process.stdout.write('waits for events\n');
