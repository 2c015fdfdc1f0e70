import type { ConfigProblem } from '../config/load.ts';

/** The configuration can be read but not be used: merchants that are wrong, a package that is missing. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super('the configuration cannot be used');
    this.problems = problems;
  }
}
