import { describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../src/core/day.ts';
import { RedisRunLock } from '../../src/redis/reconcile/run-lock.ts';
import { payoutOf } from '../sandbox/support.ts';
import { openNamespace } from '../support/namespace.ts';
import { until } from '../support/until.ts';
import { startStage } from './stage.ts';

const openLock = (ttlMs: number) => {
  const { redis, prefix } = openNamespace();
  return { redis, key: `${prefix}:reconcile:{default}:lock`, lock: new RedisRunLock({ redis, prefix, ttlMs }) };
};

describe('the lock of a merchant', () => {
  it('has one holder, and is free again after its release', async () => {
    const { lock } = openLock(10_000);
    const lease = await lock.acquire('default');
    expect(await lock.acquire('default')).toBeNull();
    expect(await lock.acquire('other')).not.toBeNull();
    await lease?.[Symbol.asyncDispose]();
    expect(await lock.acquire('default')).not.toBeNull();
  });

  it('is renewed while its holder lives', async () => {
    const ttlMs = 900; // long enough that a slow machine renews it in time
    const { lock, redis, key } = openLock(ttlMs);
    await using lease = await lock.acquire('default');
    const token = await redis.get(key);
    const end = performance.now() + 2 * ttlMs;
    await until(async () => performance.now() > end, { what: 'twice its time is over', timeoutMs: 10_000 });
    expect(await redis.get(key)).toBe(token);
    expect(lease?.signal.aborted).toBe(false);
  });

  it('notifies its holder when it is lost, and then remains with the new holder', async () => {
    const { lock, redis, key } = openLock(90);
    const lease = await lock.acquire('default');
    await redis.set(key, 'somebody else');
    await until(async () => lease?.signal.aborted === true, { what: 'the holder knows', timeoutMs: 10_000 });
    await lease?.[Symbol.asyncDispose]();
    expect(await redis.get(key)).toBe('somebody else');
  });
});

describe('a run', () => {
  it('is refused, with the reason, while another run of the merchant is active', async () => {
    const stage = await startStage();
    await using _lease = await stage.ports.lock.acquire('default');
    await expect(stage.run()).rejects.toThrow('another reconciliation of default is running');
  });

  it('stops when aborted, and the next run resumes where it stopped', async () => {
    const stage = await startStage({ chaos: { lost: 1 }, pageSize: 1 });
    for (const amount of [110, 210, 310]) await stage.client.payout.create(payoutOf(amount));
    await stage.sandbox.settled();
    const stop = new AbortController();
    const stopAtOne = ({ emitted }: { emitted: number }): void => {
      if (emitted === 1) stop.abort(new Error('stopped'));
    };
    await expect(stage.run({ apply: true, signal: stop.signal, onProgress: stopAtOne })).rejects.toThrow();
    const told: number[] = [];
    const report = await stage.run({ apply: true, onProgress: ({ rows }) => told.push(rows) });
    expect(told[0]).toBe(2);
    expect(report).toMatchObject({ rows: 3, emitted: 3, matched: 0 });
    expect(await stage.eventsOf('payout')).toHaveLength(3);
  });

  const today = dayOf(Date.now(), 'Asia/Manila');
  it.each([
    [{ from: '2026-02-30', to: today }, 'the days must be written yyyy-MM-dd'],
    [{ from: today, to: addDays(today, -1) }, 'the first day is after the last'],
    [{ from: addDays(today, -40), to: today }, 'the ledger covers 30 days'],
  ])('of %j is refused', async (window, reason) => {
    const stage = await startStage();
    await expect(stage.run({ window })).rejects.toThrow(reason);
  });

  it('obeys the request rate', async () => {
    const stage = await startStage({ pageSize: 1 });
    for (const amount of [110, 210, 310]) await stage.client.payout.create(payoutOf(amount));
    await stage.sandbox.settled();
    const waits: number[] = [];
    let clock = Date.now();
    await stage.run(
      { requestsPerSecond: 2, window: { from: today, to: today } },
      {
        now: () => clock,
        sleep: async (ms) => {
          waits.push(ms);
          clock += ms;
        },
      },
    );
    expect(waits).toEqual(Array(13).fill(500)); // fourteen requests: four views, three payouts in two of them, and a second pass over one
  });
});
