import { describe, expect, it } from 'vitest';
import { faults, faultsOf } from './suite/faults.ts';
import { runShort } from './suite/run-short.ts';

const TIMEOUT_MS = 60_000;
const kinds = faultsOf('single').map((kind) => [kind, faults[kind].what] as const);

describe.concurrent('every callback that was answered 200 is stored exactly once', { timeout: TIMEOUT_MS }, () => {
  it.each(kinds)('after %s: %s', async (kind) => {
    const report = await runShort({ scenario: 'single', faults: [kind] });
    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({ lost: 0, doubled: 0, faults: { [kind]: 1 } });
  });
});
