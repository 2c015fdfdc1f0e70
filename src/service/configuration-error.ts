import type { ConfigProblem } from '../config/load.ts';

/** The configuration was read but cannot be used: a merchant is wrong, or a package is missing. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super('the configuration cannot be used');
    this.problems = problems;
  }
}
