// The fault suite in its long form: `npm run test:faults -- --callbacks 200000 --faults 200 [--seed N]`.
// Prints its seed, a line per round, and finally the figures; exits with 1 if a promise was broken.
import { parseArgs } from 'node:util';
import { impossibleScenarios, planRounds, type Round } from './suite/plan.ts';
import { createRandom } from './suite/random.ts';
import { mergeReports, type Report, reportTables } from './suite/report.ts';
import { runFaults } from './suite/run-faults.ts';

const RATE = 700;
const LASTS_MS = { low: 300, high: 2000 };

const { values } = parseArgs({
  options: {
    callbacks: { type: 'string', default: '200000' },
    faults: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rate: { type: 'string', default: String(RATE) },
  },
});

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** On a terminal, one line that is overwritten. */
const showProgress = (name: string) => (state: { readonly posted: number; readonly faults: number }) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${state.posted} callbacks, ${state.faults} faults   `);
};

const runRound = async (round: Round, name: string): Promise<Report> => {
  const onProgress = showProgress(name);
  const report = await runFaults({ ...round, rate: Number(values.rate), lastsMs: LASTS_MS, onProgress });
  if (process.stderr.isTTY) process.stderr.write('\r');
  const { posted, lost, doubled, mostSpooled, seconds, violations } = report;
  const figures = `${posted} callbacks, ${round.faults.length} faults, up to ${mostSpooled} spooled, lost ${lost}, doubled ${doubled}`;
  say(`${name} ${round.scenario.padEnd(11)} seed ${round.seed}: ${figures}, ${Math.round(seconds)} s`);
  for (const violation of violations) say(`  BROKEN: ${violation}`);
  if (violations.length > 0) say(`  after ${round.faults.join(', ')}`);
  return report;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

say(`seed ${values.seed}`);
for (const scenario of impossibleScenarios()) say(`left out: ${scenario} needs root, to mount its own disks`);
const random = createRandom(Number(values.seed));
const rounds = planRounds({ callbacks: Number(values.callbacks), faults: Number(values.faults), random });
const reports: Report[] = [];
for (const [index, round] of rounds.entries()) {
  reports.push(await runRound(round, `round ${index + 1} of ${rounds.length}`));
}
const total = mergeReports(reports);
say(`\n${reportTables(total)}\n`);
say(total.violations.length === 0 ? 'every promise was kept' : `${total.violations.length} promises were broken`);
process.exitCode = total.violations.length === 0 ? 0 : 1;
