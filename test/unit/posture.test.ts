import { describe, expect, it } from 'vitest';
import { combineReasons, judgePosture, type Posture, REWRITING } from '../../src/redis/connection/posture.ts';

const strong: Posture = {
  isLoading: false,
  role: 'master',
  connectedReplicas: 1,
  appendOnly: { isOn: true, rewrite: 'none', rewrites: 1, isWriteOk: true },
  epoch: null,
  usedMemory: 10,
  maxMemory: 100,
  evictionPolicy: 'noeviction',
  config: { appendonly: 'yes', appendfsync: 'always', fsyncPausesOnRewrite: 'no' },
};
const configured = (change: Partial<NonNullable<Posture['config']>>): Partial<Posture> => ({
  config: { appendonly: 'yes', appendfsync: 'always', fsyncPausesOnRewrite: 'no', ...change },
});

describe('a posture', () => {
  it.each([{ level: 'fsync' }, { level: 'none' }, { level: 'replicas', count: 1 }] as const)(
    'is good enough for %j when nothing is wrong',
    (durability) => {
      expect(judgePosture(strong, { durability, isLoadable: true })).toEqual({});
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
    [{ appendOnly: { ...strong.appendOnly, isWriteOk: false } }, 'redis', 'free space on its disk'],
    [{ appendOnly: { ...strong.appendOnly, isOn: false } }, 'durability', 'set `appendonly yes`'],
    [{ usedMemory: 95 }, 'memory', 'uses 95 % of its maxmemory'],
  ] as const)('with %j gets a sentence that says how to fix it', (change, check, sentence) => {
    const reasons = judgePosture({ ...strong, ...change }, { durability: { level: 'fsync' }, isLoadable: true });
    expect(Object.keys(reasons)).toEqual([check]);
    expect(reasons[check]).toContain(sentence);
  });

  it('does not matter with DURABILITY=none, as long as Redis accepts writes', () => {
    const weak = { ...strong, ...configured({ appendonly: 'no' }), evictionPolicy: 'allkeys-lru' };
    expect(judgePosture(weak, { durability: { level: 'none' }, isLoadable: true })).toEqual({});
    expect(judgePosture({ ...weak, config: null }, { durability: { level: 'none' }, isLoadable: true })).toEqual({});
    expect(
      Object.keys(judgePosture({ ...weak, role: 'slave' }, { durability: { level: 'none' }, isLoadable: true })),
    ).toEqual(['redis']);
  });

  it('with too few replicas is weaker than replicas:N requires', () => {
    expect(
      judgePosture(strong, { durability: { level: 'replicas', count: 2 }, isLoadable: true }).durability,
    ).toContain('1 of the 2 replicas');
  });

  it('without a memory limit is never short of memory', () => {
    expect(
      judgePosture({ ...strong, usedMemory: 1e12, maxMemory: 0 }, { durability: { level: 'fsync' }, isLoadable: true }),
    ).toEqual({});
  });
});

describe('the reasons of several servers', () => {
  const rewriting = { durability: REWRITING };
  const broken = { durability: 'Redis has no append-only file: set `appendonly yes`.' };

  it.each([[[rewriting, broken]], [[broken, rewriting]]])('name the one that does not end by itself', (reasons) => {
    expect(combineReasons([{}, ...reasons, {}])).toEqual(broken);
  });

  it('name a rewrite if there is nothing else, and every kind of reason', () => {
    expect(combineReasons([rewriting, { memory: 'full' }])).toEqual({ ...rewriting, memory: 'full' });
    expect(combineReasons([{}, {}])).toEqual({});
  });
});
