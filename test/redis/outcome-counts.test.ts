import { expect, it, onTestFinished } from 'vitest';
import type { MinuteCounts } from '../../src/receive/outcome-counts.ts';
import { connectProducer } from '../../src/redis/connection/connection.ts';
import { RedisOutcomeCounts } from '../../src/redis/journal/outcome-counts.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { openNamespace } from '../support/namespace.ts';
import { until } from '../support/until.ts';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');
const MINUTE = 60_000;

const openCounts = (namespace = openNamespace()) => {
  const errors: unknown[] = [];
  const { redis, prefix } = namespace;
  const counts = disposeWithTest(new RedisOutcomeCounts({ redis, prefix, onError: (error) => errors.push(error) }));
  return { namespace, counts, errors };
};

/** The minutes with counts. */
const busy = (minutes: readonly MinuteCounts[]): MinuteCounts[] =>
  minutes.filter(({ counts }) => Object.keys(counts).length > 0);

it('counts outcomes by minute across the hour, and drops counts older than an hour', async () => {
  const { counts } = openCounts();
  counts.count('accepted', NOON - 61 * MINUTE);
  counts.count('accepted', NOON - MINUTE);
  counts.count('forged', NOON - 1);
  counts.count('accepted', NOON);
  counts.count('accepted', NOON + 1);
  const { minutes, isComplete } = await counts.lastHour(NOON + 2);
  expect(isComplete).toBe(true);
  expect(minutes).toHaveLength(60);
  expect(busy(minutes)).toEqual([
    { minute: NOON - MINUTE, counts: { accepted: 1, forged: 1 } },
    { minute: NOON, counts: { accepted: 2 } },
  ]);
});

it('adds up the counts of several replicas, each once however often it is written', async () => {
  const first = openCounts();
  const second = openCounts(first.namespace);
  first.counts.count('accepted', NOON);
  second.counts.count('accepted', NOON);
  second.counts.count('duplicate', NOON);
  const total = async () => busy((await first.counts.lastHour(NOON)).minutes);
  await until(async () => (await total())[0]?.counts.duplicate === 1, { what: 'it is written', timeoutMs: 5000 });
  second.counts.count('duplicate', NOON);
  await until(async () => (await total())[0]?.counts.duplicate === 2, { what: 'it is written', timeoutMs: 5000 });
  expect(await total()).toEqual([{ minute: NOON, counts: { accepted: 2, duplicate: 2 } }]);
});

it('expires its keys after two hours', async () => {
  const { namespace, counts } = openCounts();
  counts.count('accepted', NOON);
  const key = `${namespace.prefix}:outcomes:${NOON}`;
  await until(async () => (await namespace.redis.exists(key)) === 1, { what: 'it is written', timeoutMs: 5000 });
  const left = await namespace.redis.pttl(key);
  expect(left).toBeGreaterThan(7_100_000);
  expect(left).toBeLessThanOrEqual(7_200_000);
});

it('returns the counts of this replica while Redis is unavailable', async () => {
  const redis = connectProducer({ kind: 'single', hosts: [{ host: '127.0.0.1', port: 1 }], db: 0, tls: false }, 'away');
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  const counts = disposeWithTest(new RedisOutcomeCounts({ redis, prefix: 'away', onError: () => undefined }));
  counts.count('spooled', NOON);
  const { minutes, isComplete } = await counts.lastHour(NOON);
  expect([isComplete, busy(minutes)]).toEqual([false, [{ minute: NOON, counts: { spooled: 1 } }]]);
});
