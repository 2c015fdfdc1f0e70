/** A rule taken out of the sources, and the tests that must notice. */
export type Mutation = {
  readonly name: string;
  /** How the row of docs/security.md begins that the rule belongs to; absent where it belongs to none. */
  readonly row?: string;
  /** Below the repository. */
  readonly file: string;
  /** Occurs there exactly once. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
};
