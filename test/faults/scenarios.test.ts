import { describe, expect, it } from 'vitest';
import { canMount, canMountImages } from './suite/disks.ts';
import { runShort } from './suite/run-short.ts';

const TIMEOUT_MS = 60_000;
const kept = { violations: [], lost: 0, doubled: 0 };
/** Enough to fill a small spool during the run. */
const flood = { rate: 250, lastsMs: { low: 2000, high: 2000 } };

const reportSkipped = (isPossible: boolean, sentence: string): boolean => {
  if (!isPossible) process.stderr.write(`fault suite: ${sentence}\n`);
  return isPossible;
};
const hasDisks = reportSkipped(canMount(), 'the full disk is not tested: this user may not mount one');
const hasImages = reportSkipped(canMountImages(), 'the power cut is not tested: this user may not mount images');

describe('every callback that was answered 200 is stored exactly once', { timeout: TIMEOUT_MS }, () => {
  it('when Redis is killed and there is no spool, and others are answered 503', async () => {
    const report = await runShort({ scenario: 'no-spool', faults: ['redis-killed'] });
    expect(report).toMatchObject(kept);
    expect(report.unavailable).toBeGreaterThan(0);
  });

  it('when Redis is killed and the spool fills up, and others are answered 503', async () => {
    const report = await runShort({ scenario: 'small-spool', faults: ['redis-killed'], ...flood });
    expect(report).toMatchObject(kept);
    expect(report.mostSpooled).toBeGreaterThan(0);
    expect(report.unavailable).toBeGreaterThan(0);
  });

  it.runIf(hasDisks)("when Redis is killed and the spool's disk fills up", async () => {
    const report = await runShort({ scenario: 'full-disk', faults: ['redis-killed'], ...flood });
    expect(report).toMatchObject(kept);
    expect(report.unavailable).toBeGreaterThan(0);
  });

  it.runIf(hasDisks)("when the spool's disk fills up repeatedly", async () => {
    const faults = ['durability-weakened', 'redis-hung', 'durability-weakened'] as const;
    expect(await runShort({ scenario: 'full-disk', faults, ...flood, rate: 400 })).toMatchObject(kept);
  });

  it.runIf(hasImages)("when Redis is killed, and then the spool's disk loses power", async () => {
    const report = await runShort({ scenario: 'fragile-disk', faults: ['power-lost'] });
    expect(report).toMatchObject(kept);
    expect(report.mostSpooled).toBeGreaterThan(0);
  });

  it('after a mix of faults', async () => {
    const mix = ['receiver-killed', 'redis-hung', 'connection-cut', 'redis-killed'] as const;
    expect(await runShort({ scenario: 'single', faults: mix })).toMatchObject(kept);
  });

  it('when Redis answers each command just before callers stop waiting', async () => {
    const env = { ENQUEUE_TIMEOUT_MS: '1000' };
    expect(await runShort({ scenario: 'single', faults: ['replies-slow'], env })).toMatchObject(kept);
  });

  it('after the endpoint has moved to a replica while the old primary continues', async () => {
    expect(await runShort({ scenario: 'endpoint', faults: ['endpoint-moved'] })).toMatchObject(kept);
  });

  it('after a failover to a replica that has confirmed writes', async () => {
    expect(await runShort({ scenario: 'sentinel', faults: ['failover'] })).toMatchObject(kept);
  });

  it('after the loss of one node of a cluster, with its slots', async () => {
    expect(await runShort({ scenario: 'cluster', faults: ['node-lost'] })).toMatchObject(kept);
  });
});
