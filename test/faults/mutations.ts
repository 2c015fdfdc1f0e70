// Shows that the fault suite can fail: `node test/faults/mutations.ts [name …]` breaks one promise after another in a copy
// of the sources, and requires that the suite notices. Exits with 1 if it does not.
import type { Mutation, Run } from './suite/mutation.ts';
import { mutate } from './suite/mutation.ts';
import { mutations } from './suite/mutations.ts';
import type { Report } from './suite/report.ts';
import { runFaults } from './suite/run-faults.ts';

const SEED = 1;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const describeRun = ({ lost, doubled, posted }: Report): string =>
  `${posted} callbacks, lost ${lost}, doubled ${doubled}`;

/** The same run must be green on the unchanged sources, or its failure would prove nothing. */
const isGreenUnchanged = async (run: Run): Promise<boolean> => {
  const report = await runFaults({ ...run, seed: SEED });
  say(
    `  unchanged: ${describeRun(report)}, ${report.violations.length === 0 ? 'green' : report.violations.join('; ')}`,
  );
  return report.violations.length === 0;
};

const isNoticed = async (mutation: Mutation, run: Run): Promise<boolean> => {
  await using source = mutate(mutation);
  const report = await runFaults({ ...run, seed: SEED, source: source.path });
  const noticed = report.violations.length > 0 && mutation.isNoticed(report);
  say(`  mutated:   ${describeRun(report)}, ${noticed ? 'red, as it must be' : 'NOT NOTICED'}`);
  return noticed;
};

const names = process.argv.slice(2);
const chosen = mutations.filter(({ name }) => names.length === 0 || names.includes(name));
let failures = chosen.length === 0 ? 1 : 0;
for (const mutation of chosen) {
  for (const run of mutation.runs) {
    say(`${mutation.name}: ${mutation.what} (${run.faults.join(', ')})`);
    const isProved = (await isGreenUnchanged(run)) && (await isNoticed(mutation, run));
    if (!isProved) failures += 1;
  }
}
say(failures === 0 ? `all ${chosen.length} mutations were noticed` : 'the suite proves less than it says');
process.exitCode = failures === 0 ? 0 : 1;
