import { type RunOptions, runFaults } from './run-faults.ts';

/** Printed, so that a failed run can be repeated with `FAULT_SEED=…`. */
const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
process.stderr.write(`fault suite: FAULT_SEED=${seed}\n`);

/** Several runs share few cores. */
const SHORT = { seed, callbacks: 60, rate: 100, lastsMs: { low: 300, high: 700 } };

/** A run of the suite in its short form. */
export const runShort = (options: Pick<RunOptions, 'scenario' | 'faults'> & Partial<RunOptions>) =>
  runFaults({ ...SHORT, ...options });
