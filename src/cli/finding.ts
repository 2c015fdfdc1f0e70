/** What one check found. `advice` is no mistake, but worth a thought. */
export type Finding = {
  readonly level: 'ok' | 'advice' | 'problem';
  readonly check: string;
  readonly sentence: string;
};
