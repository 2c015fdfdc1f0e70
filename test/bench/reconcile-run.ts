import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createPaycoolsClient } from '../../src/client/index.ts';
import { addDays, dayOf } from '../../src/core/day.ts';
import { amountOf } from '../../src/core/money.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { emptyHistory, type KnownHistory, markDelivered, place } from '../../src/receive/history.ts';
import { compare } from '../../src/reconcile/compare.ts';
import { transactionRow } from '../../src/reconcile/row.ts';
import { reconcile } from '../../src/reconcile/run.ts';
import { openEventStore } from '../../src/redis/open-event-store.ts';
import { RedisRunLock } from '../../src/redis/reconcile/run-lock.ts';
import { RedisRunStore } from '../../src/redis/reconcile/run-store.ts';
import { provedMerchant } from '../support/merchant.ts';

export type Measured = {
  readonly seconds: number;
  readonly matched: number;
  /** Peak growth of the resident memory, in bytes. */
  readonly growth: number;
};

const SAMPLE_MS = 20;
const PAGE = 1000;
const PREFIX = 'paycools';
const RETENTION_MS = 30 * DAY_MS;
export const ORDER = 'Q1';
/** In centavos. */
export const AMOUNT = 10_000;
const registry = createRegistry(products);

const rowOf = (id: string) =>
  transactionRow(null, {
    transactionId: id,
    mchOrderId: ORDER,
    amount: AMOUNT,
    transactionStatus: 'COMPLETE',
    channelCode: 'QRPH_STATIC_QR',
    createTime: '2026-05-02T02:00:00.000Z',
    returnTime: '2026-05-02T02:00:00.000Z',
  });

const entry: KnownHistory = {
  ...markDelivered(
    place(emptyHistory, {
      product: 'qr-code',
      statement: { status: 'succeeded', amount: amountOf(AMOUNT, 'PHP'), merchantOrderId: ORDER, channelCode: null },
      origin: 'callback',
      moment: { completedAt: 0, createdAt: 0, receivedAt: 0 },
    }).history,
    0,
  ),
  product: 'qr-code',
};

/** Rows per second of the comparison without I/O. */
export const compareAlone = (rows: number): number => {
  const started = performance.now();
  for (let start = 0; start < rows; start += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, rows - start) }, (_, index) => rowOf(`C${start + index}`));
    const known = page.map(({ subject }) => ({ subject, entry }));
    compare({ registry, rows: page, known, now: Date.now(), stuckAfterMs: DAY_MS });
  }
  return rows / ((performance.now() - started) / 1000);
};

/** Does the work and returns the peak growth of the resident memory. */
const measureGrowth = async (work: () => Promise<unknown>): Promise<number> => {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const done = new AbortController();
  let peak = before;
  const watch = async (): Promise<void> => {
    while (!done.signal.aborted) {
      peak = Math.max(peak, process.memoryUsage.rss());
      await sleep(SAMPLE_MS);
    }
  };
  const watching = watch();
  await work();
  done.abort();
  await watching;
  return peak - before;
};

export type RunOptions = {
  readonly url: string;
  readonly redisUrl: string;
  readonly privateKey: string;
  readonly appId: string;
};

/** Writes to the ledger what callbacks about these payments would have written. */
export const fillLedger = async (redisUrl: string, ids: readonly string[]): Promise<void> => {
  const redis = new Redis(redisUrl);
  const { ledger } = openEventStore({ redis, prefix: PREFIX, deduplicationMs: RETENTION_MS, families: [] });
  const at = Date.now();
  const statement = { status: 'succeeded', amount: amountOf(AMOUNT, 'PHP'), merchantOrderId: ORDER } as const;
  const { history } = place(emptyHistory, {
    product: 'qr-code',
    statement: { ...statement, channelCode: 'QRPH_STATIC_QR' },
    origin: 'callback',
    moment: { completedAt: null, createdAt: null, receivedAt: at },
  });
  const day = dayOf(at, provedMerchant.timeZone);
  for (let start = 0; start < ids.length; start += PAGE) {
    await Promise.all(
      ids.slice(start, start + PAGE).map(async (id) => {
        const subject = { merchant: provedMerchant.name, subject: { kind: 'transaction', id } };
        await ledger.replace(subject, null, markDelivered(history, 0));
        await ledger.index({ ...subject, product: 'payout', day, isOpen: false });
      }),
    );
  }
  redis.disconnect();
};

/** Reconciles one day, after some empty ones, and measures time and memory. */
export const measureRun = async ({ url, redisUrl, privateKey, appId }: RunOptions): Promise<Measured> => {
  const redis = new Redis(redisUrl);
  const prefix = PREFIX;
  const events = openEventStore({ redis, prefix, deduplicationMs: RETENTION_MS, families: [] });
  const ports = {
    registry,
    ...events,
    reader: events.ledger,
    store: new RedisRunStore({ redis, prefix }),
    lock: new RedisRunLock({ redis, prefix }),
    now: Date.now,
    sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
    retentionDays: 30,
    emissions: { record: async () => undefined },
    openFindings: { list: async function* () {}, resolve: async () => undefined },
  };
  const client = createPaycoolsClient({ baseUrl: url, appId, privateKey });
  const today = dayOf(Date.now(), provedMerchant.timeZone);
  const yesterday = addDays(today, -1);
  const run = (from: string, to: string) =>
    reconcile(ports, {
      merchant: provedMerchant,
      client,
      window: { from, to },
      apply: true,
      depth: 'statements',
      requestsPerSecond: 1e6,
    });
  await run(addDays(today, -20), yesterday); // empty days, so that code is loaded before the measurement
  let seconds = 0;
  let matched = 0;
  const growth = await measureGrowth(async () => {
    const started = performance.now();
    ({ matched } = await run(yesterday, today));
    seconds = (performance.now() - started) / 1000;
  });
  redis.disconnect();
  return { seconds, matched, growth };
};
