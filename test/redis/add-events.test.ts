import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import type { AnyEvent } from '../../src/core/event.ts';
import { eventJobOptions } from '../../src/core/queues.ts';
import { createAddEvents, type NewJob } from '../../src/redis/queue/add-events.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';

const TTL_MS = 60_000;
const SIDES = ['bullmq', 'ours'] as const;
type Side = (typeof SIDES)[number];

const eventOf = (id: string): AnyEvent =>
  ({
    id,
    type: 'com.paycools.payout.succeeded',
    data: { product: 'payout', remark: '"ñ" ? {}' },
  }) as unknown as AnyEvent;

type Stage = Namespace & {
  readonly queues: Readonly<Record<Side, Queue>>;
  readonly add: Readonly<Record<Side, (jobs: readonly Omit<NewJob, 'queue'>[]) => Promise<unknown>>>;
};

const openStage = async (): Promise<Stage> => {
  const namespace = openNamespace();
  const { redis, prefix } = namespace;
  const open = (side: Side): Queue => new Queue(`{${side}}`, { connection: redis, prefix, skipVersionCheck: true });
  const queues = { bullmq: open('bullmq'), ours: open('ours') };
  onTestFinished(async () => {
    await Promise.all(SIDES.map((side) => queues[side].close()));
  });
  await Promise.all(SIDES.map((side) => queues[side].waitUntilReady()));
  const addEvents = createAddEvents(redis, prefix, TTL_MS);
  return {
    ...namespace,
    queues,
    add: {
      bullmq: async (jobs) => {
        for (const { jobId, event, context } of jobs) {
          const deduplication = { id: event.id, ttl: TTL_MS };
          const telemetry = context === undefined ? {} : { telemetry: { metadata: context } };
          await queues.bullmq.add(event.type, event, { ...eventJobOptions, jobId, deduplication, ...telemetry });
        }
      },
      ours: (jobs) => addEvents(jobs.map((job) => ({ queue: '{ours}', ...job }))),
    },
  };
};

const readers: Readonly<Record<string, (redis: Redis, key: string) => Promise<unknown>>> = {
  string: (redis, key) => redis.get(key),
  list: (redis, key) => redis.lrange(key, 0, -1),
  zset: (redis, key) => redis.zrange(key, '0', '-1', 'WITHSCORES'),
  stream: async (redis, key) => (await redis.xrange(key, '-', '+')).map(([_id, fields]) => fields),
  hash: async (redis, key) => {
    const { opts = 'null', timestamp = '', ...rest } = await redis.hgetall(key);
    return { ...rest, opts: JSON.parse(opts), hasTimestamp: /^$|^\d{13}$/.test(timestamp) };
  },
};

/** All keys of a queue, by the end of their names. */
const dump = async ({ redis, prefix }: Stage, side: Side): Promise<Record<string, unknown>> => {
  const start = `${prefix}:{${side}}:`;
  const keys = (await redis.keys(`${prefix}:{${side}}:*`)).sort();
  const values = await Promise.all(
    keys.map(async (key) => [
      key.slice(start.length),
      await readers[String(await redis.type(key))]?.(redis, key),
      (await redis.pttl(key)) > 0,
    ]),
  );
  return Object.fromEntries(values.map(([name, value, expires]) => [name, { value, expires }]));
};

const expectEqual = async (stage: Stage): Promise<void> => {
  const [theirs, ours] = await Promise.all(SIDES.map((side) => dump(stage, side)));
  expect(ours).toEqual(theirs);
  expect(Object.keys(ours ?? {})).toContain('events');
};

const JOBS = ['a', 'b', 'c'].map((letter) => ({ jobId: `evt_${letter}-job`, event: eventOf(`evt_${letter}`) }));

test('jobs, options, states and stream entries are the same as with queue.add', async () => {
  const stage = await openStage();
  for (const side of SIDES) await stage.add[side](JOBS);
  await expectEqual(stage);
});

test('a job with a trace is the same as with queue.add', async () => {
  const stage = await openStage();
  const context = '{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}';
  for (const side of SIDES) await stage.add[side](JOBS.map((job) => ({ ...job, context })));
  await expectEqual(stage);
  const job = await stage.queues.ours.getJob(JOBS[0]?.jobId ?? '');
  expect(job?.opts.telemetry?.metadata).toBe(context);
});

test('a duplicate writes the same as with queue.add, also within one call', async () => {
  const stage = await openStage();
  const again = JOBS.map((job) => ({ ...job, jobId: `${job.jobId}-again` }));
  for (const side of SIDES) {
    await stage.add[side]([...JOBS, ...again]);
    await stage.add[side](again);
  }
  await expectEqual(stage);
});

test('jobs that an operator removed are added again as with queue.add', async () => {
  const stage = await openStage();
  for (const side of SIDES) {
    await stage.add[side](JOBS);
    await stage.queues[side].obliterate({ force: true });
    await stage.add[side](JOBS);
  }
  await expectEqual(stage);
});

test.each([
  ['whose job does not exist', (stage: Stage, side: Side) => stage.redis.del(`${stage.prefix}:{${side}}:evt_a-job`)],
  ['whose job still exists', () => undefined],
])('a deduplication key without expiry %s is treated as by queue.add', async (_name, lose) => {
  const stage = await openStage();
  for (const side of SIDES) {
    await stage.add[side](JOBS);
    await stage.redis.persist(`${stage.prefix}:{${side}}:de:evt_a`);
    await lose(stage, side);
    await stage.add[side](JOBS.map((job) => ({ ...job, jobId: `${job.jobId}-again` })));
  }
  await expectEqual(stage);
});

test.each([
  ['paused', (queue: Queue) => queue.pause()],
  ['at its concurrency limit', (queue: Queue) => queue.setGlobalConcurrency(0)],
])('a queue that is %s is in the same state as after queue.add', async (_name, hold) => {
  const stage = await openStage();
  for (const side of SIDES) {
    await hold(stage.queues[side]);
    await stage.add[side](JOBS);
  }
  await expectEqual(stage);
});

test('a queue that BullMQ has never opened is in the same state as after queue.add', async () => {
  const stage = await openStage();
  for (const side of SIDES) {
    await stage.redis.del(`${stage.prefix}:{${side}}:meta`);
    await stage.add[side](JOBS);
  }
  await expectEqual(stage);
});

test('a BullMQ worker processes the jobs in order', async () => {
  const stage = await openStage();
  await stage.add.ours(JOBS);
  const taken: unknown[] = [];
  const connection = stage.redis.duplicate({ maxRetriesPerRequest: null });
  const worker = new Worker('{ours}', async ({ data }) => taken.push(data), { connection, prefix: stage.prefix });
  onTestFinished(async () => {
    await worker.close();
    connection.disconnect();
  });
  await expect.poll(() => taken).toEqual(JOBS.map(({ event }) => event));
});
