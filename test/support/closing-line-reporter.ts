import type { Reporter, TestCase, TestModule } from 'vitest/node';

type State = ReturnType<TestCase['result']>['state'];

const countIn = (modules: readonly TestModule[], state: State): number =>
  modules.reduce((sum, module) => sum + [...module.children.allTests(state)].length, 0);

/** Ends the output of a run with a line for scripts: `312 passed, 0 failed, 4 skipped`. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const line = (['passed', 'failed', 'skipped'] as const)
      .map((state) => `${countIn(modules, state)} ${state}`)
      .join(', ');
    process.stdout.write(`\n${line}\n`);
  }
}
