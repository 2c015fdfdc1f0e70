import * as installed from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AnyEvent } from '../../src/core/event.ts';
import { createAddEvents } from '../../src/redis/queue/add-events.ts';
import { findOldClients } from '../../src/redis/queue/client-versions.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { openNamespace } from '../support/namespace.ts';
import type { Command, OpenClient } from './versions/client.ts';
import { openNodeClient } from './versions/node-client.ts';
import { nodeVersion, pythonVersion } from './versions/packages.ts';

const NAME = 'payout';
const QUEUE = `{${NAME}}`;
const DAY_MS = 86_400_000;
const IDS = ['evt_a', 'evt_b', 'evt_c'];

/** Only on demand, because it downloads packages. */
const onDemand = async (name: string, fetch: () => Promise<OpenClient | null>): Promise<OpenClient | null> => {
  const client = process.env['CONSUMERS'] === undefined ? null : await fetch();
  if (client === null) process.stderr.write(`consumers: ${name} is not tested (npm run test:consumers downloads it)\n`);
  return client;
};

const supported: readonly (readonly [string, OpenClient | null])[] = [
  ['the installed BullMQ', openNodeClient(installed)],
  ['BullMQ 6.0.0', await onDemand('BullMQ 6.0.0', () => nodeVersion('6.0.0'))],
  ['the newest BullMQ', await onDemand('the newest BullMQ', () => nodeVersion('latest'))],
  ['BullMQ 3.0.0 for Python', await onDemand('BullMQ 3.0.0 for Python', () => pythonVersion('3.0.0'))],
  ['the newest BullMQ for Python', await onDemand('the newest BullMQ for Python', () => pythonVersion('latest'))],
];
/** Clients whose worker stops for good at the limit, even with its own jobs. */
const WITHOUT_LIMITS = ['the newest BullMQ for Python'];
const tooOld = await onDemand('BullMQ 5.81.5', () => nodeVersion('5.81.5'));

const openStage = async (open: OpenClient | null) => {
  if (open === null) throw new Error('the client is not installed');
  const { redis, prefix, url } = openNamespace();
  const client = disposeWithTest(await open({ url, prefix, queue: QUEUE }));
  const queue = new installed.Queue(QUEUE, { connection: redis, prefix, skipVersionCheck: true });
  onTestFinished(() => queue.close());
  const addEvents = createAddEvents(redis, prefix, DAY_MS);
  let count = 0;
  const add = async (ids: readonly string[]) => {
    const jobOf = (id: string) => {
      count += 1;
      const event = { id, type: 'com.paycools.payout.succeeded', data: { product: NAME } } as unknown as AnyEvent;
      return { queue: QUEUE, jobId: `${id}-${count}`, event };
    };
    return (await addEvents(ids.map(jobOf))).answers;
  };
  const take = (how: 'complete' | 'fail' | 'later', more: Partial<Command> = {}) =>
    client.perform({ do: 'take', count: IDS.length, how, ...more } as Command);
  return { redis, prefix, client, add, take, counts: () => queue.getJobCounts('wait', 'delayed', 'failed') };
};

describe.each(supported)('%s and the jobs of our script', { timeout: 40_000 }, (name, open) => {
  const isThere = open !== null;

  it.runIf(isThere)('pauses and resumes a queue without losing jobs that are added meanwhile', async () => {
    const { client, add, take } = await openStage(open);
    await client.perform({ do: 'pause' });
    await add(IDS);
    await client.perform({ do: 'resume' });
    expect(await take('complete')).toEqual(IDS);
  });

  it.runIf(isThere && !WITHOUT_LIMITS.includes(name))('takes all of them within a rate limit', async () => {
    const { add, take } = await openStage(open);
    await add(IDS);
    const started = performance.now();
    expect(await take('complete', { limiter: { max: 2, duration: 200 } })).toEqual(IDS);
    expect(performance.now() - started).toBeGreaterThan(200);
  });

  it.runIf(isThere)('drains them, and takes those that are added afterwards', async () => {
    const { client, add, take, counts } = await openStage(open);
    await add(['evt_1', 'evt_2']);
    await client.perform({ do: 'drain' });
    expect(await counts()).toMatchObject({ wait: 0 });
    await add(IDS);
    expect(await take('complete')).toEqual(IDS);
  });

  it.runIf(isThere)('obliterates them, so that the same events can be added again', async () => {
    const { client, add, take } = await openStage(open);
    await add(IDS);
    await client.perform({ do: 'obliterate' });
    expect(await add(IDS)).toEqual(['added', 'added', 'added']);
    expect(await take('complete')).toEqual(IDS);
  });

  it.runIf(isThere)('retries one failed job, and all of them', async () => {
    const { client, add, take, counts } = await openStage(open);
    await add(IDS);
    await take('fail');
    expect(await counts()).toMatchObject({ wait: 0, failed: 3 });
    await client.perform({ do: 'retry', id: 'evt_b-2' });
    expect(await counts()).toMatchObject({ wait: 1, failed: 2 });
    await client.perform({ do: 'retryAll' });
    expect([...((await take('complete')) ?? [])].sort()).toEqual(IDS);
  });

  it.runIf(isThere)('delays failed jobs as their options say, and promotes them', async () => {
    const { client, add, take, counts } = await openStage(open);
    await add(IDS);
    await take('later');
    expect(await counts()).toMatchObject({ wait: 0, delayed: 3, failed: 0 });
    await client.perform({ do: 'promote' });
    expect([...((await take('complete')) ?? [])].sort()).toEqual(IDS);
  });
});

describe.runIf(tooOld !== null)('BullMQ 5.81.5', { timeout: 40_000 }, () => {
  it('loses jobs that are added while it has paused a queue, so it is not supported', async () => {
    const { client, add, counts } = await openStage(tooOld);
    await add(['evt_before']);
    await client.perform({ do: 'pause' });
    await add(IDS);
    await client.perform({ do: 'resume' });
    expect(await counts()).toMatchObject({ wait: 1 });
  });

  it('is detected by the version that it records in a queue', async () => {
    const { redis, prefix } = await openStage(tooOld);
    expect(await findOldClients({ redis, prefix, names: [NAME] })).toEqual([{ queue: NAME, version: '5.81.5' }]);
  });
});
