// Peer (f): the promises of the receiver as a merchant would write them with ordinary libraries: a log line, a schema,
// metrics, deduplication, a history and an index by day, and a journal.
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Counter, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import { ACKNOWLEDGEMENT, type Body, isGenuine, openQueue, settings } from './by-hand.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const RETENTION_MS = 30 * DAY_MS;

const callback = z.looseObject({
  eventName: z.string().optional(),
  transactionId: z.string().optional(),
  mchOrderId: z.string().optional(),
  amount: z.union([z.number(), z.string()]).optional(),
  transactionStatus: z.string().optional(),
});

const logger = pino(pino.destination({ sync: true }));
const registry = new Registry();
const callbacks = new Counter({
  name: 'callbacks_total',
  help: 'Callbacks.',
  labelNames: ['product', 'outcome'],
  registers: [registry],
});
const duration = new Histogram({
  name: 'callback_duration_seconds',
  help: 'Time to the reply.',
  labelNames: ['product'],
  registers: [registry],
});
const queue = openQueue();
const redis = new Redis({ host: '127.0.0.1', port: settings.redisPort });
const app = Fastify();

/** Records the history of the transaction, and the transaction by day. */
const record = async (id: string, status: string, now: number): Promise<void> => {
  const [history, day] = [`history:${id}`, `day:${new Date(now).toISOString().slice(0, 10)}`];
  await redis
    .multi()
    .hset(history, status, now)
    .pexpire(history, RETENTION_MS)
    .sadd(day, id)
    .pexpire(day, RETENTION_MS)
    .exec();
};

app.get('/metrics', () => registry.metrics());
app.post<{ Body: Body; Params: { product: string } }>('/callbacks/:product', async (request, reply) => {
  const started = performance.now();
  const now = Date.now();
  const { product } = request.params;
  if (!isGenuine(request.body)) {
    callbacks.inc({ product, outcome: 'forged' });
    return reply.code(401).send();
  }
  const fields = callback.parse(request.body);
  const id = fields.transactionId ?? fields.mchOrderId ?? '';
  const status = fields.transactionStatus ?? fields.eventName ?? '';
  const event = {
    specversion: '1.0',
    id: `${id}-${status}`,
    source: 'paycools',
    type: fields.eventName ?? product,
    time: new Date(now).toISOString(),
    data: { product, transactionId: id, merchantOrderId: fields.mchOrderId ?? null, status, raw: request.body },
  };
  await record(id, status, now);
  await queue.add(event.type, event, {
    attempts: 8,
    backoff: { type: 'exponential', delay: 180_000 },
    deduplication: { id: event.id, ttl: RETENTION_MS },
  });
  await redis.xadd('journal', 'MAXLEN', '~', 10_000, '*', 'id', event.id, 'body', JSON.stringify(request.body));
  const ms = performance.now() - started;
  callbacks.inc({ product, outcome: 'accepted' });
  duration.observe({ product }, ms / 1000);
  logger.info({ requestId: request.id, product, eventId: event.id, ms }, 'callback');
  return ACKNOWLEDGEMENT;
});
await app.listen({ port: settings.port, host: '127.0.0.1' });
