import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../../src/core/event.ts';
import { BullEventQueue } from '../../src/redis/queue/event-queue.ts';
import { openNamespace } from '../support/namespace.ts';
import { openQueue } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';

const eventOf = (letter: string): AnyEvent =>
  ({ id: `evt_${letter}`, type: 'com.paycools.payout.succeeded', data: {} }) as unknown as AnyEvent;

const WRONG_TYPE = expect.objectContaining({ message: expect.stringContaining('WRONGTYPE') });

describe.each([
  ['our script', true],
  ["BullMQ's own add", false],
])('%s', (_name, isScriptProved) => {
  const open = () => {
    const namespace = openNamespace();
    const { redis, prefix } = namespace;
    const reports: string[] = [];
    const queue = new BullEventQueue({
      redis,
      prefix,
      deduplicationMs: 60_000,
      isScriptProved,
      confirm: async (report) => void reports.push(report),
    });
    const waiting = async () => (await openQueue(namespace, 'payout').getWaiting()).map(({ data }) => data.id);
    return { redis, prefix, queue, reports, waiting };
  };

  it('adds an event once, even if it is enqueued repeatedly and concurrently', async () => {
    const { queue, waiting } = open();
    const results = await Promise.all(Array.from({ length: 50 }, () => queue.enqueue('payout', eventOf('a'))));
    expect(results.filter((it) => it === 'added')).toHaveLength(1);
    expect(await queue.enqueue('payout', eventOf('a'))).toBe('duplicate');
    expect(await queue.enqueue('payout', eventOf('b'))).toBe('added');
    expect((await waiting()).toSorted()).toEqual(['evt_a', 'evt_b']);
  });

  it('passes what Redis reports about its append-only file to confirm', async () => {
    const { redis, queue, reports } = open();
    await redis.config('SET', 'appendonly', 'no');
    await queue.enqueue('payout', eventOf('a'));
    await redis.config('SET', 'appendonly', 'yes');
    expect(reports).toEqual([expect.stringContaining('aof_enabled:0')]);
  });

  it.each(['wait', 'meta', 'marker'])(
    'adds an event once if the key %s had the wrong type at the first attempt',
    async (name) => {
      const { redis, prefix, queue, waiting } = open();
      await queue.enqueue('payout', eventOf('a'));
      const broken = `${prefix}:{payout}:${name}`;
      await redis.rename(broken, `${prefix}:kept`);
      await redis.set(broken, 'foreign');
      const [first] = await Promise.allSettled([queue.enqueue('payout', eventOf('b'))]);
      await redis.rename(`${prefix}:kept`, broken);
      const second = await queue.enqueue('payout', eventOf('b'));
      expect([
        [{ status: 'rejected', reason: WRONG_TYPE }, 'added'],
        [{ status: 'fulfilled', value: 'added' }, 'duplicate'],
      ]).toContainEqual([first, second]);
      expect((await waiting()).toSorted()).toEqual(['evt_a', 'evt_b']);
    },
  );
});

it('is the one step of our script in a service whose BullMQ it was proved equal to', async () => {
  const { logLines } = await startTestService();
  expect(logLines.join('')).not.toContain('was proved equal to');
});
