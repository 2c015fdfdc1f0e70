// A worker as a merchant would write it: it takes events from their queues and prints them.
import { styleText } from 'node:util';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { type PaymentEvent, products, type VerificationAnswer, type VerificationEvent } from '../index.ts';

const connection = new Redis(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379', { maxRetriesPerRequest: null });
const prefix = process.env['QUEUE_PREFIX'] ?? 'paycools';

const describe = ({ type, subject, data }: PaymentEvent): string => {
  const amount = data.amount === null ? '' : `${data.amount.currency} ${data.amount.value}`;
  const why = data.failure === null ? '' : `(${data.failure.reason})`;
  return [styleText('bold', type), amount, subject, why, ...data.flags].filter((part) => part !== '').join('  ');
};

const workers = products.map(
  ({ product }) =>
    new Worker<PaymentEvent>(
      `{${product}}`,
      async (job) => {
        process.stdout.write(`consumed  ${describe(job.data)}\n`);
      },
      { connection, prefix },
    ),
);

/** PayCools asks whether a payment may be collected; what is returned here is the answer. */
const answerer = new Worker<VerificationEvent>(
  '{payment-verification}',
  async ({ data: { data } }) => {
    process.stdout.write(`answers   accept  ${data.amount.currency} ${data.amount.value}  ${data.merchantOrderId}\n`);
    return { answer: 'accept' } satisfies VerificationAnswer;
  },
  { connection, prefix },
);
const all = [...workers, answerer];

const stop = async (): Promise<void> => {
  await Promise.all(all.map((worker) => worker.close()));
  connection.disconnect();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
await Promise.all(all.map((worker) => worker.waitUntilReady()));
process.stdout.write(`waits for events of ${products.map(({ product }) => product).join(', ')}\n`);
