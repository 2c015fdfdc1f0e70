import { describe, expect, it } from 'vitest';
import { type FaultKind, faults, faultsOf } from './suite/faults.ts';
import { hasSpool } from './suite/product.ts';
import { type RunOptions, runFaults } from './suite/run-faults.ts';
import { canMount } from './suite/small-disk.ts';

const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
process.stderr.write(`fault suite: FAULT_SEED=${seed}\n`);

const TIMEOUT_MS = 60_000;
/** Several of them run at once on few cores. */
const SHORT = { seed, callbacks: 100, rate: 150, lastsMs: { low: 300, high: 700 } };

const runShort = (options: Pick<RunOptions, 'scenario' | 'faults'> & Partial<RunOptions>) =>
  runFaults({ ...SHORT, ...options });

/** What the product cannot withstand without its gate and its spool. */
const needsSpool: readonly FaultKind[] = ['redis-forgets', 'connection-half-open'];
const canRun = (kind: FaultKind): boolean => hasSpool || !needsSpool.includes(kind);
const kinds = faultsOf('single').map((kind) => [kind, faults[kind].what] as const);

describe.concurrent('every callback that was answered 200 is stored exactly once', { timeout: TIMEOUT_MS }, () => {
  it.each(kinds.filter(([kind]) => canRun(kind)))('after %s: %s', async (kind) => {
    const report = await runShort({ scenario: 'single', faults: [kind] });
    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({ lost: 0, doubled: 0, faults: { [kind]: 1 } });
  });

  it('when Redis is killed and there is no spool: what cannot be stored is answered 503', async () => {
    const report = await runShort({ scenario: 'no-spool', faults: ['redis-killed'] });
    expect(report).toMatchObject({ violations: [], lost: 0, doubled: 0 });
    expect(report.unavailable).toBeGreaterThan(0);
  });

  it.runIf(hasSpool)('when Redis is killed and the spool gets full: then, and only then, answers are 503', async () => {
    const lastsMs = { low: 2000, high: 2000 };
    const report = await runShort({ scenario: 'small-spool', faults: ['redis-killed'], rate: 400, lastsMs });
    expect(report).toMatchObject({ violations: [], lost: 0, doubled: 0 });
    expect(report.mostSpooled).toBeGreaterThan(0);
    expect(report.unavailable).toBeGreaterThan(0);
  });

  it.runIf(hasSpool && canMount())('when Redis is killed and the disk of the spool gets full', async () => {
    const lastsMs = { low: 3000, high: 3000 };
    const report = await runShort({ scenario: 'full-disk', faults: ['redis-killed'], rate: 400, lastsMs });
    expect(report).toMatchObject({ violations: [], lost: 0, doubled: 0 });
    expect(report.unavailable).toBeGreaterThan(0);
  });

  it.runIf(hasSpool)('after a mix of faults', async () => {
    const mix: FaultKind[] = ['receiver-killed', 'redis-hung', 'connection-cut', 'receiver-restarted', 'redis-killed'];
    const report = await runShort({ scenario: 'single', faults: mix });
    expect(report).toMatchObject({ violations: [], lost: 0, doubled: 0 });
  });

  it.runIf(hasSpool)('after a failover to a replica that had confirmed', async () => {
    const report = await runShort({ scenario: 'sentinel', faults: ['failover'] });
    expect(report).toMatchObject({ violations: [], lost: 0, doubled: 0 });
  });

  it.runIf(hasSpool)('after the loss of one node of a cluster, with its slots', async () => {
    const report = await runShort({ scenario: 'cluster', faults: ['node-lost'] });
    expect(report).toMatchObject({ violations: [], lost: 0, doubled: 0 });
  });
});
