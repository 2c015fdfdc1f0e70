/** The removal of a rule from the sources, and the tests that must fail because of it. */
export type Mutation = {
  /** What the sources do without the rule. */
  readonly name: string;
  /** How its row in docs/security.md begins; absent for a rule without a row. */
  readonly row?: string;
  /** Path in the repository. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
};
