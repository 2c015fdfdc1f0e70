import { describe, expect, it } from 'vitest';
import { judgePosture, type Posture } from '../../src/redis/connection/posture.ts';

const strong: Posture = {
  isLoading: false,
  role: 'master',
  connectedReplicas: 1,
  isAofWriteOk: true,
  usedMemory: 10,
  maxMemory: 100,
  evictionPolicy: 'noeviction',
  config: { appendonly: 'yes', appendfsync: 'always', fsyncPausesOnRewrite: 'no' },
};
const configured = (change: Partial<NonNullable<Posture['config']>>): Partial<Posture> => ({
  config: { appendonly: 'yes', appendfsync: 'always', fsyncPausesOnRewrite: 'no', ...change },
});

describe('the posture of a Redis', () => {
  it.each([{ level: 'fsync' }, { level: 'none' }, { level: 'replicas', count: 1 }] as const)(
    'passes %j when it is strong enough',
    (durability) => {
      expect(judgePosture(strong, durability)).toEqual({});
    },
  );

  it.each([
    [configured({ appendonly: 'no' }), 'durability', 'set `appendonly yes`'],
    [configured({ appendfsync: 'everysec' }), 'durability', 'set `appendfsync always`'],
    [configured({ fsyncPausesOnRewrite: 'yes' }), 'durability', 'set `no-appendfsync-on-rewrite no`'],
    [{ evictionPolicy: 'allkeys-lru' }, 'durability', 'set `maxmemory-policy noeviction`'],
    [{ config: null }, 'durability', 'Redis hides its configuration'],
    [{ isLoading: true }, 'redis', 'is loading'],
    [{ role: 'slave' }, 'redis', 'read-only replica'],
    [{ isAofWriteOk: false }, 'redis', 'free its disk'],
    [{ usedMemory: 95 }, 'memory', 'uses 95 % of its maxmemory'],
  ] as const)('with %j is reported in a sentence that says how to fix it', (change, check, sentence) => {
    const reasons = judgePosture({ ...strong, ...change }, { level: 'fsync' });
    expect(Object.keys(reasons)).toEqual([check]);
    expect(reasons[check]).toContain(sentence);
  });

  it('need not be known with DURABILITY=none, but it must still take writes', () => {
    const weak = { ...strong, ...configured({ appendonly: 'no' }), evictionPolicy: 'allkeys-lru' };
    expect(judgePosture(weak, { level: 'none' })).toEqual({});
    expect(judgePosture({ ...weak, config: null }, { level: 'none' })).toEqual({});
    expect(Object.keys(judgePosture({ ...weak, role: 'slave' }, { level: 'none' }))).toEqual(['redis']);
  });

  it('with too few replicas is weaker than replicas:N asks', () => {
    expect(judgePosture(strong, { level: 'replicas', count: 2 }).durability).toContain('1 of the 2 replicas');
  });

  it('without a memory limit is never short of memory', () => {
    expect(judgePosture({ ...strong, usedMemory: 1e12, maxMemory: 0 }, { level: 'fsync' })).toEqual({});
  });
});
