/** What one check found. `advice` is not a mistake, but worth considering. */
export type Finding = {
  readonly level: 'ok' | 'advice' | 'problem';
  readonly check: string;
  readonly sentence: string;
};
