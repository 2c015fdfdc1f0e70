import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { PaymentEvent } from '../../../../src/core/event.ts';
import { DAY_MS } from '../../../../src/core/time.ts';
import { BullEventQueue } from '../../../../src/redis/queue/event-queue.ts';
import { residentBytes } from '../processor.ts';
import type { Results } from '../results.ts';
import { startReceiver } from '../server.ts';
import { BODIES_PER_SECOND, measure, openRedis, SATURATE, type Stage } from '../stage.ts';
import { median } from '../statistics.ts';
import type { Effort } from './compare.ts';

const MB = 1024 * 1024;
const SLICE_S = 5;
/** Each has two keys. Redis doubles its table of keys at powers of two; the next one is above what is measured. */
const BACKLOG = 2_000_000;
const BATCH = 2000;

/** Measures the resident memory at saturation for some minutes. */
export const watchMemory = async (
  stage: Stage,
  { connections }: Effort,
  minutes: number,
): Promise<Results['memory']> => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startReceiver({ redisUrl: stage.redis.url, dataDir: stage.dataDir, name: 'memory' }));
  const resident: number[] = [];
  const ends = performance.now() + minutes * 60_000;
  while (performance.now() < ends) {
    const batch = stage.fresh(BODIES_PER_SECOND * SLICE_S);
    await measure(stage, [server], { ...SATURATE, batch, connections, seconds: SLICE_S });
    resident.push(residentBytes(server.pid) / MB);
    await stage.admin.flushall(); // in place of workers; this Redis belongs to the run
  }
  const tenth = Math.max(1, Math.floor(resident.length / 10));
  return {
    minutes,
    startMb: median(resident.slice(tenth, 2 * tenth)),
    endMb: median(resident.slice(-tenth)),
    peakMb: Math.max(...resident),
  };
};

const eventAt = (index: number): PaymentEvent => ({
  specversion: '1.0',
  id: `evt_${index.toString(16).padStart(32, '0')}`,
  source: 'urn:paycools:default',
  type: 'com.paycools.payout.succeeded',
  subject: `D${index}`,
  time: '2022-05-31T01:38:56.000Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:paycools-webhooks:payout:1',
  origin: 'callback',
  receivedat: '2026-11-24T12:00:00.000Z',
  data: {
    product: 'payout',
    status: 'succeeded',
    provider: { eventName: 'disbursement.success', status: 'COMPLETE' },
    merchantOrderId: `CQPL${index}`,
    transactionId: `D${index}`,
    amount: { minor: 312500, currency: 'PHP', value: '3125.00' },
    channelCode: null,
    createdAt: '2022-05-31T01:38:03.000Z',
    completedAt: '2022-05-31T01:38:56.000Z',
    failure: null,
    remark: 'cash credit',
    flags: [],
    details: {},
    raw: {},
  },
});

const fill = async (redis: Redis, say: (line: string) => void): Promise<void> => {
  const queue = new BullEventQueue({ redis, prefix: 'paycools', deduplicationMs: 30 * DAY_MS });
  for (let start = 0; start < BACKLOG; start += BATCH) {
    await Promise.all(Array.from({ length: BATCH }, (_, offset) => queue.enqueue('payout', eventAt(start + offset))));
    if (start % (BACKLOG / 10) === 0) say(`${start} events are waiting`);
  }
};

/** Compares the throughput on an empty Redis and on one with two million waiting events. */
export const measureBacklog = async (
  stage: Stage,
  { rounds, seconds, connections }: Effort,
): Promise<Results['backlog']> => {
  await using stack = new AsyncDisposableStack();
  const { dataDir } = stage;
  const [empty, full] = [await openRedis(stack, `${dataDir}/empty`), await openRedis(stack, `${dataDir}/full`)];
  const filler = new Redis(full.url);
  await fill(filler, stage.say);
  filler.disconnect();
  const found: Record<'empty' | 'full', number[]> = { empty: [], full: [] };
  const servers = {
    empty: stack.use(await startReceiver({ redisUrl: empty.url, dataDir, name: 'empty' })),
    full: stack.use(await startReceiver({ redisUrl: full.url, dataDir, name: 'full' })),
  };
  for (let round = -1; round < rounds; round += 1) {
    const batch = stage.fresh(BODIES_PER_SECOND * seconds);
    for (const name of round % 2 === 0 ? (['empty', 'full'] as const) : (['full', 'empty'] as const)) {
      const task = { ...SATURATE, batch, connections, seconds };
      const { perSecond } = await measure(stage, [servers[name]], task);
      if (round >= 0) found[name].push(perSecond);
      await sleep(200);
    }
  }
  return { events: BACKLOG, emptyPerSecond: median(found.empty), fullPerSecond: median(found.full) };
};
