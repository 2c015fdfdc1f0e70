// `node test/bench/ledger-memory.ts [transactions]`: the memory of one transaction in Redis (figures of docs/operations.md).
import { rmSync } from 'node:fs';
import { Redis } from 'ioredis';
import { startRedis } from '../../scripts/redis-server.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { emptyHistory, markDelivered, place } from '../../src/receive/history.ts';
import type { SubjectOfMerchant } from '../../src/receive/ports.ts';
import { RedisLedger } from '../../src/redis/ledger/redis-ledger.ts';
import { redisVersion, usedMemory } from './suite/redis-info.ts';

const COUNT = Number(process.argv[2] ?? 100_000);
const RETENTION_MS = 30 * DAY_MS;
const BATCH = 1000;
const DATA_DIR = `.data/bench-${process.pid}`;

const subjectOf = (index: number): SubjectOfMerchant => ({
  merchant: 'default',
  subject: { kind: 'transaction', id: `C1${String(index).padStart(18, '0')}` },
});

const historyOf = (index: number) =>
  place(emptyHistory, {
    product: 'virtual-account',
    statement: {
      status: 'succeeded',
      amount: { minor: 50_000 + index, currency: 'PHP', value: '500.00' },
      merchantOrderId: `RP20230214${String(index).padStart(9, '0')}`,
      channelCode: '7ELEVEN_STATIC_VA',
    },
    origin: 'callback',
    moment: { completedAt: Date.now(), createdAt: Date.now() - 1000, receivedAt: Date.now() },
  }).history;

const inBatches = async (work: (index: number) => Promise<unknown>): Promise<void> => {
  for (let start = 0; start < COUNT; start += BATCH) {
    await Promise.all(Array.from({ length: Math.min(BATCH, COUNT - start) }, (_, offset) => work(start + offset)));
  }
};

await using server = await startRedis({ dataDir: DATA_DIR, say: console.error });
const redis = new Redis(server.url);
const ledger = new RedisLedger({ redis, prefix: 'paycools', retentionMs: RETENTION_MS, families: [] });
const empty = await usedMemory(redis);
await inBatches((index) => ledger.replace(subjectOf(index), null, markDelivered(historyOf(index), 0)));
const written = await usedMemory(redis);
await inBatches((index) => ledger.index({ ...subjectOf(index), product: 'payout', day: '2026-05-02', isOpen: false }));
const indexed = await usedMemory(redis);

const each = (bytes: number): string => `${Math.round(bytes / COUNT)} bytes per transaction`;
console.log(`${COUNT} transactions with one status each, on Redis ${await redisVersion(redis)}`);
console.log(`history:   ${each(written - empty)}`);
console.log(`day index: ${each(indexed - written)}`);
console.log(`together:  ${each(indexed - empty)}`);
redis.disconnect();
process.on('exit', () => rmSync(DATA_DIR, { recursive: true, force: true }));
