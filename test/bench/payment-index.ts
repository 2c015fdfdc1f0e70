// `node test/bench/payment-index.ts [callbacks]`: the cost of the index in Redis and the duration of searches, over 30 days.
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Redis } from 'ioredis';
import { startRedis } from '../../scripts/redis-server.ts';
import { eventId } from '../../src/core/event-id.ts';
import { DAY_MS } from '../../src/core/time.ts';
import type { JournalMeta } from '../../src/receive/journal.ts';
import { IndexCompactor } from '../../src/redis/index/index-compactor.ts';
import { IndexWriter } from '../../src/redis/index/index-writer.ts';
import { RedisPaymentIndex } from '../../src/redis/index/payment-index.ts';
import type { WrittenEntry } from '../../src/redis/journal/journal-writer.ts';
import { usedMemory } from './suite/redis-info.ts';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const DAYS = 30;
const BATCH = 4096;
const SEARCHES = 200;
const DATA_DIR = `.data/bench-${process.pid}`;
const START = Date.now() - (DAYS - 1) * DAY_MS;

const transactionOf = (index: number): string => `D1${String(index * 7919).padStart(18, '0')}`;
const orderOf = (index: number): string => `CQPL16539${String(index * 104_729).padStart(12, '0')}`;

const entryOf = (index: number): WrittenEntry => {
  const at = START + Math.floor((index / COUNT) * (DAYS - 1)) * DAY_MS + index;
  const transactionId = transactionOf(index);
  const merchantOrderId = orderOf(index);
  const body = JSON.stringify({
    amount: 312_500,
    eventName: 'disbursement.success',
    mchOrderId: merchantOrderId,
    transactionId,
  });
  const meta: JournalMeta = {
    origin: 'callback',
    requestId: randomUUID(),
    receivedAt: at,
    merchant: 'default',
    address: 'payout',
    source: '203.0.113.7',
    outcome: 'accepted',
    status: 200,
    durationMs: 1,
    reason: null,
    event: {
      id: eventId('default', { kind: 'transaction', id: transactionId }, 'succeeded'),
      type: 'com.paycools.payout.succeeded',
      product: 'payout',
      transactionId,
      merchantOrderId,
      flags: [],
    },
    isCut: false,
  };
  return { id: `genuine-${at}-0`, entry: { meta, body: new TextEncoder().encode(body) } };
};

/** Processor time of Redis, in milliseconds. */
const usedProcessor = async (redis: Redis): Promise<number> => {
  const info = await redis.info('cpu');
  const [user, system] = ['user', 'sys'].map((kind) =>
    Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1]),
  );
  return ((user ?? 0) + (system ?? 0)) * 1000;
};

const percentile = (times: readonly number[], share: number): string =>
  `${(times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0).toFixed(1)} ms`;

await using server = await startRedis({ dataDir: DATA_DIR, say: console.error, args: ['--appendonly', 'no'] });
process.on('exit', () => rmSync(DATA_DIR, { recursive: true, force: true }));
const redis = new Redis(server.url);
const options = { redis, prefix: 'paycools', retentionMs: DAYS * DAY_MS };
const onError = (error: unknown): void => console.error(error);
const writer = new IndexWriter({ ...options, journalMs: DAYS * DAY_MS, onSkipped: () => undefined, onError });
const before = await usedMemory(redis);
const [receiverBefore, redisBefore] = [process.cpuUsage(), await usedProcessor(redis)];
let preparation = 0; // processor time that does not count, in microseconds
for (let start = 0; start < COUNT; start += BATCH) {
  const preparing = process.cpuUsage();
  const entries = Array.from({ length: Math.min(BATCH, COUNT - start) }, (_, offset) => entryOf(start + offset));
  preparation += process.cpuUsage(preparing).user;
  for (const entry of entries) writer.add(entry);
  await writer.flush();
}
const receiver = process.cpuUsage(receiverBefore);
const redisTime = (await usedProcessor(redis)) - redisBefore;
const bytesEach = async (): Promise<number> => Math.round(((await usedMemory(redis)) - before) / COUNT);
console.log(`${COUNT} callbacks over ${DAYS} days: ${await bytesEach()} bytes each on arrival`);
const each = (micros: number): string => `${(micros / COUNT).toFixed(1)} µs`;
console.log(
  `processor time each: receiver ${each(receiver.user + receiver.system - preparation)}, Redis ${each(redisTime * 1000)}`,
);
const [compacting, redisCompacting] = [process.cpuUsage(), await usedProcessor(redis)];
using compactor = new IndexCompactor({ redis, prefix: 'paycools', now: () => Date.now() + 2 * DAY_MS, onError });
await compactor.compact();
const compacted = process.cpuUsage(compacting);
const redisCompacted = (await usedProcessor(redis)) - redisCompacting;
console.log(`${await bytesEach()} bytes each after compaction`);
console.log(
  `its processor time: receiver ${each(compacted.user + compacted.system)}, Redis ${each(redisCompacted * 1000)}`,
);

const index = new RedisPaymentIndex({ ...options, merchants: () => ['default'], now: Date.now });
const searches = {
  'a whole order': (at: number) => orderOf(at),
  'the first 16 characters of an order, in lower case': (at: number) => orderOf(at).slice(0, 16).toLowerCase(),
  'a transaction': (at: number) => transactionOf(at),
  'a prefix of every transaction': () => 'd1',
  'an event': (at: number) => entryOf(at).entry.meta.event?.id ?? '',
};
for (const [name, textOf] of Object.entries(searches)) {
  const times: number[] = [];
  for (let count = 0; count < SEARCHES; count += 1) {
    const text = textOf(Math.floor(Math.random() * COUNT));
    const from = performance.now();
    const [hit] = await index.find(text, 50);
    if (hit === undefined) throw new Error(`${text} was not found`);
    await index.milestones(hit.key);
    times.push(performance.now() - from);
  }
  console.log(`${name}: median ${percentile(times, 0.5)}, 99 % ${percentile(times, 0.99)}`);
}
redis.disconnect();
